import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { totalCost } from '../cycle/costs.ts';
import { generationId } from '../cycle/plan.ts';
import type { StepContext } from './step-context.ts';

/** Counts what a step without a reservation used, where it is known to cost anything. */
export async function settleUsage(
  context: StepContext,
  step: string,
  usage: readonly Usage[],
): Promise<void> {
  const { microUsd } = totalCost(usage);
  if (microUsd === undefined || microUsd === 0n) return;
  const { facts } = context.state();
  await settle(context, `${generationId(facts.name)}/${step}`, microUsd);
}

/** Settles a step. A guard that cannot do so now does not hold up the cycle: the ledger is the truth. */
export async function settle(
  { deps, log, state }: StepContext,
  stepId: string,
  actualMicroUsd: bigint | undefined,
): Promise<void> {
  const { team, request } = state().facts;
  try {
    await deps.budgets.settle({ stepId, team, project: request.project, actualMicroUsd });
  } catch (err) {
    log.warn({ err, stepId }, 'a step could not be settled against its budget');
  }
}
