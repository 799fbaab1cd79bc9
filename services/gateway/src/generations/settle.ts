import type { StepContext } from './step-context.ts';

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
