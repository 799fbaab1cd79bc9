import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';

/** p within this of a bound counts as on it: below what the sum of two decimal fractions loses. */
export const ROUNDING = 1e-9;

/** PASS from threshold plus margin on, FAIL up to threshold minus margin, UNCERTAIN between. */
export function verdictAt(pExpected: number, threshold: number, margin: number): Verdict {
  // A margin that leaves no room on one side is cut, so that certainty is always reachable.
  if (pExpected >= Math.min(1, threshold + margin) - ROUNDING) return Verdict.PASS;
  return pExpected <= Math.max(0, threshold - margin) + ROUNDING ? Verdict.FAIL : Verdict.UNCERTAIN;
}
