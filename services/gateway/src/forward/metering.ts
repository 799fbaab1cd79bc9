import {
  CostBasis,
  CostSchema,
  type Usage,
  UsageEventSchema,
  UsageReportSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type CallContext, isRpcError, requirePrincipal } from '@atelier/rpc';
import { create, type DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import type { BudgetGuard, Ledger } from '../generations/ports.ts';
import type { Wrapper } from '../identity/wrap.ts';

/** What metering needs. */
export interface MeteringDeps {
  readonly ledger: Ledger;
  readonly budgets: BudgetGuard;
  readonly now: () => Date;
}

/**
 * Writes into the ledger what a forwarded call used, as its answer tells, or its error. Every call counts: one that is
 * repeated was paid for again. The caller has its answer even where the ledger cannot be written, which is logged. What
 * such a call will cost nobody knows beforehand: a hard budget that is overdrawn refuses it.
 */
export function metered(deps: MeteringDeps): Wrapper {
  return ({ method }, next) =>
    async (input, context) => {
      if (mayCost(method)) await requireBudget(deps, context);
      try {
        const response = await (next(input, context) as Promise<object>);
        await record(deps, (response as { readonly usage?: readonly Usage[] }).usage ?? [], context);
        return response;
      } catch (error) {
        const report = isRpcError(error) ? error.findDetail(UsageReportSchema) : undefined;
        await record(deps, report?.usage ?? [], context);
        throw error;
      }
    };
}

function mayCost({ idempotency }: DescMethod): boolean {
  return idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
}

/** Throws RESOURCE_EXHAUSTED (BUDGET_EXCEEDED) where a hard budget of the caller is overdrawn. */
async function requireBudget({ budgets }: MeteringDeps, context: CallContext): Promise<void> {
  const { team, project = '' } = requirePrincipal(context);
  const stepId = uuidv7();
  const estimate = create(CostSchema, { microUsd: 0n, basis: CostBasis.ESTIMATED });
  await budgets.reserve({ stepId, team, project, model: 'judging', estimate, committed: false });
  await budgets.release(stepId);
}

async function record(
  { ledger, budgets, now }: MeteringDeps,
  used: readonly Usage[],
  context: CallContext,
): Promise<void> {
  if (used.length === 0) return;
  const { team, keyId, project = '' } = requirePrincipal(context);
  const eventTime = timestampFromDate(now());
  const events = used.map((usage) =>
    create(UsageEventSchema, { id: uuidv7(), team, project, keyId, usage, eventTime }),
  );
  try {
    await ledger.record(events);
    for (const { id, usage } of events) {
      await budgets.settle({ stepId: id, team, project, actualMicroUsd: usage?.cost?.microUsd });
    }
  } catch (error) {
    context.log.error({ err: error, team, events: events.length }, 'usage could not be written');
  }
}
