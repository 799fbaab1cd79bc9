import { type CallContext, invalidArgument } from '@atelier/rpc';
import type { EngineClients } from './ports.ts';
import { calling } from './rebase-error.ts';

/**
 * Who is asked once a cycle is over: the judge that is held out, and beside it those that measure and look at nothing, since
 * what is measured is the same for everybody. Throws INVALID_ARGUMENT where the policy names a judge that is not there.
 */
export async function heldOutPanel(
  clients: Pick<EngineClients, 'evaluator'>,
  heldOutJudge: string,
  ctx: CallContext,
): Promise<string[]> {
  const { judges } = await calling('evaluator', clients.evaluator.listJudges({}, ctx));
  const names = judges.map(({ instance }) => instance);
  if (!names.includes(heldOutJudge)) {
    const known = names.length === 0 ? 'no judge is configured' : `the judges are ${names.join(', ')}`;
    throw invalidArgument('generation.policy.held_out_judge', `${heldOutJudge} is not configured: ${known}`);
  }
  const measuring = judges.filter(({ vision, instance }) => !vision && instance !== heldOutJudge);
  return [heldOutJudge, ...measuring.map(({ instance }) => instance)];
}
