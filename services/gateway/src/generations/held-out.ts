import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type CallContext, invalidArgument } from '@atelier/rpc';
import type { EngineClients } from './ports.ts';
import { calling } from './rebase-error.ts';

/**
 * Upper bound of what one look of a held-out judge costs: of all judges that are configured, every other is left out of
 * what `estimateWithout` reckons. Throws INVALID_ARGUMENT where the policy names a judge that is not there.
 */
export async function heldOutEstimate(
  clients: Pick<EngineClients, 'evaluator'>,
  heldOutJudge: string,
  estimateWithout: (judges: readonly string[]) => Promise<Cost | undefined>,
  ctx: CallContext,
): Promise<Cost | undefined> {
  const { judges } = await calling('evaluator', clients.evaluator.listJudges({}, ctx));
  const names = judges.map(({ instance }) => instance);
  if (names.includes(heldOutJudge)) return estimateWithout(names.filter((name) => name !== heldOutJudge));
  const known = names.length === 0 ? 'no judge is configured' : `the judges are ${names.join(', ')}`;
  throw invalidArgument('generation.policy.held_out_judge', `${heldOutJudge} is not configured: ${known}`);
}
