import { type CallContext, invalidArgument } from '@atelier/rpc';
import type { CyclePlan } from '../cycle/plan.ts';
import type { EngineClients } from './ports.ts';
import { calling } from './rebase-error.ts';

/** Throws INVALID_ARGUMENT where the policy holds out a judge that is not there. */
export async function checkHeldOut(
  clients: Pick<EngineClients, 'evaluator'>,
  { heldOutJudge }: CyclePlan,
  ctx: CallContext,
): Promise<void> {
  if (heldOutJudge === undefined) return;
  const { judges } = await calling('evaluator', clients.evaluator.listJudges({}, ctx));
  const names = judges.map(({ instance }) => instance);
  if (names.includes(heldOutJudge)) return;
  const known = names.length === 0 ? 'no judge is configured' : `the judges are ${names.join(', ')}`;
  throw invalidArgument('generation.policy.held_out_judge', `${heldOutJudge} is not configured: ${known}`);
}
