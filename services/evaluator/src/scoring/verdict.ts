import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';

/** PASS from threshold plus margin on, FAIL up to threshold minus margin, UNCERTAIN between. */
export function verdictAt(pExpected: number, threshold: number, margin: number): Verdict {
  // A margin that leaves no room on one side is cut, so that certainty is always reachable.
  if (pExpected >= Math.min(1, threshold + margin)) return Verdict.PASS;
  return pExpected <= Math.max(0, threshold - margin) ? Verdict.FAIL : Verdict.UNCERTAIN;
}
