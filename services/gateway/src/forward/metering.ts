import { type Usage, UsageEventSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { requirePrincipal } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
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
 * Writes into the ledger what a forwarded call used, as its answer tells. Every call counts: one that is repeated was
 * paid for again. The caller has its answer even where the ledger cannot be written, which is logged.
 */
export function metered({ ledger, budgets, now }: MeteringDeps): Wrapper {
  return (_entry, next) => async (input, context) => {
    const response = await (next(input, context) as Promise<object>);
    const used = (response as { readonly usage?: readonly Usage[] }).usage ?? [];
    if (used.length === 0) return response;
    const { team, keyId, project = '' } = requirePrincipal(context);
    const eventTime = timestampFromDate(now());
    const events = used.map((usage) =>
      create(UsageEventSchema, { id: uuidv7(), team, project, keyId, usage, eventTime }),
    );
    try {
      await ledger.record(events);
      for (const { id, usage } of events) {
        const actualMicroUsd = usage?.cost?.microUsd;
        await budgets.settle({ stepId: id, team, project, actualMicroUsd });
      }
    } catch (error) {
      context.log.error({ err: error, team, events: events.length }, 'usage could not be written');
    }
    return response;
  };
}
