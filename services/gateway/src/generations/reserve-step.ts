import {
  type Cost,
  CostBasis,
  type Usage,
  type UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { isRpcError } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { totalCost } from '../cycle/costs.ts';
import { generationId } from '../cycle/plan.ts';
import { settle } from './settle.ts';
import { callService, type StepContext } from './step-context.ts';

/** A prompt that is to be written, or an image that is to be looked at. */
export interface PaidStep {
  /** Within the generation, as usage names it. */
  readonly step: string;
  /** Who is paid, in words: what a refusal names. */
  readonly who: string;
  readonly round: number;
  readonly index: number;
  /** Upper bound of what it costs. Absent, or zero, where it is known to cost nothing. */
  readonly estimate: Cost | undefined;
}

function isPaid({ estimate }: PaidStep): boolean {
  return estimate !== undefined && estimate.microUsd !== 0n;
}

/**
 * Reserves the upper bound of a step that calls a language model. False where a budget does not allow it: the cycle is told
 * to stop then, and nothing may be called. A step that is repeated after a crash replaces its own reservation.
 */
export async function reserveStep(context: StepContext, paid: PaidStep): Promise<boolean> {
  if (!isPaid(paid)) return true;
  const { deps, state, commit, signal } = context;
  const { facts } = state();
  const { step, who, round, index, estimate } = paid;
  try {
    await callService(context, { step, service: 'storage', round, index, signal }, () =>
      deps.budgets.reserve({
        stepId: `${generationId(facts.name)}/${step}`,
        team: facts.team,
        project: facts.request.project,
        model: who,
        estimate,
        committed: false,
      }),
    );
    return true;
  } catch (error) {
    if (signal.aborted || !isRpcError(error)) throw error;
    await commit({ kind: 'step_refused', timeMs: deps.now(), message: error.message });
    return false;
  }
}

/**
 * What a call that was cut off may have used: its upper bound, marked as an estimate, since a vendor bills what it was asked
 * for, whether or not anybody waits for the answer.
 */
export function cutOffUsage(paid: PaidStep, kind: UsageKind): Usage[] {
  if (!isPaid(paid)) return [];
  const microUsd = paid.estimate?.microUsd;
  const cost =
    microUsd === undefined ? { basis: CostBasis.UNKNOWN } : { microUsd, basis: CostBasis.ESTIMATED };
  return [create(UsageSchema, { kind, cost })];
}

/** Counts what a step used in place of its reservation; the reservation stays where that is not known. */
export async function settleStep(
  context: StepContext,
  paid: PaidStep,
  usage: readonly Usage[],
): Promise<void> {
  const { microUsd, incomplete } = totalCost(usage);
  if (!isPaid(paid) && (microUsd === undefined || microUsd === 0n)) return;
  const { facts } = context.state();
  await settle(context, `${generationId(facts.name)}/${paid.step}`, incomplete ? undefined : microUsd);
}
