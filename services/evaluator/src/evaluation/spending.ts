import { type Usage, UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { packDetail, RpcError, toRpcError } from '@atelier/rpc';
import { mergeUsage } from '../judges/costs.ts';
import type { Spend } from '../judges/judge.ts';

/** What one call of ours has used so far, whatever becomes of it. */
export class Spending {
  readonly #usages: Usage[] = [];

  /** Takes down what was used. */
  readonly spend: Spend = (usages) => void this.#usages.push(...usages);

  /** All of it, usages of one kind as one. */
  get usage(): Usage[] {
    return mergeUsage(this.#usages);
  }

  /** Does some work. An error tells what was used before it. */
  async reportedBy<T>(work: () => Promise<T>, signal: AbortSignal, requestId: string): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const { usage } = this;
      if (usage.length === 0) throw thrown;
      const error = toRpcError(thrown, signal, requestId);
      const { code, message, reason, metadata, fieldViolations, retryAfterMs } = error;
      throw new RpcError(code, message, {
        reason,
        metadata,
        fieldViolations,
        retryAfterMs,
        details: [...error.details, packDetail(UsageReportSchema, { usage })],
        cause: error.cause ?? thrown,
      });
    }
  }
}
