import type { Logger } from '@atelier/observability';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { failedPrecondition, type RpcError, resourceExhausted } from '@atelier/rpc';
import type { BudgetGuard, ReservationRequest, SettlementRequest } from '../generations/ports.ts';
import { periodEnd } from './period.ts';
import type { Limit, Reservation, SpendBook } from './spend-book.ts';
import type { SpendLoader } from './spend-loader.ts';

/** What the keeper needs. */
export interface BudgetKeeperOptions {
  readonly book: SpendBook;
  readonly loader: SpendLoader;
  /** The limits that bind a project of a team, hard and soft, as they are now. */
  readonly limitsOf: (team: string, project: string) => Promise<readonly Limit[]>;
  /** What a step of a model without a price is taken to cost at most; undefined refuses it under a hard limit. */
  readonly priceCeilingMicroUsd: bigint | undefined;
  readonly now: () => Date;
  readonly log: Logger;
  /** Told where an actual cost was above what was reserved, or a soft limit is passed. */
  readonly onAlert?: (kind: 'overrun' | 'soft_limit') => void;
}

/** Guards budgets in one process: what is looked up is awaited first, then looking and reserving are one step. */
export class BudgetKeeper implements BudgetGuard {
  readonly #options: BudgetKeeperOptions;

  constructor(options: BudgetKeeperOptions) {
    this.#options = options;
  }

  async reserve(request: ReservationRequest): Promise<void> {
    const { book, loader, limitsOf, now } = this.#options;
    await loader.ready();
    const limits = await limitsOf(request.team, request.project);
    const hard = limits.filter((limit) => limit.isHard);
    const microUsd = this.#amount(request, hard);
    const reservation = { stepId: request.stepId, team: request.team, project: request.project, microUsd };
    const at = now();
    // Nothing is awaited from here on.
    const exceeded = book.exceeded(reservation, limits, at);
    const refusing = exceeded.filter((limit) => limit.isHard);
    if (refusing.length > 0 && !request.committed) throw budgetExceeded(refusing, at);
    book.reserve(reservation);
    for (const limit of exceeded) if (!limit.isHard) this.#tellSoft(limit);
  }

  async settle({ stepId, team, project, actualMicroUsd }: SettlementRequest): Promise<void> {
    const { book, loader, now, log } = this.#options;
    await loader
      .ready()
      .catch((err: unknown) => log.debug({ err, stepId }, 'settled before the ledger was read'));
    const reserved = book.reservation(stepId);
    const microUsd = actualMicroUsd ?? reserved?.microUsd ?? 0n;
    if (reserved !== undefined && microUsd > reserved.microUsd) this.#tellOverrun(reserved, microUsd);
    book.settle({ stepId, team, project, microUsd }, now());
  }

  async release(stepId: string): Promise<void> {
    this.#options.book.release(stepId);
  }

  #amount(request: ReservationRequest, hard: readonly Limit[]): bigint {
    const whole = knownAmount(request.estimate);
    if (whole !== undefined) return whole;
    const atLeast = request.estimate?.microUsd ?? 0n;
    const ceiling = this.#options.priceCeilingMicroUsd;
    if (ceiling !== undefined) return ceiling > atLeast ? ceiling : atLeast;
    if (hard.length === 0 || request.committed) return atLeast;
    throw priceUnknown(request.model, hard);
  }

  #tellOverrun({ stepId, team, project, microUsd }: Reservation, actual: bigint): void {
    this.#options.onAlert?.('overrun');
    const amounts = { reservedMicroUsd: String(microUsd), actualMicroUsd: String(actual) };
    this.#options.log.warn(
      { stepId, team, project, ...amounts },
      'a step cost more than was reserved for it',
    );
  }

  #tellSoft({ source, team, project }: Limit): void {
    this.#options.onAlert?.('soft_limit');
    this.#options.log.warn({ budget: source, team, project }, 'a soft budget is used up');
  }
}

/** The amount of a cost that is known whole; undefined where any of it is not. */
function knownAmount(cost: Cost | undefined): bigint | undefined {
  return cost?.incomplete === true ? undefined : cost?.microUsd;
}

function budgetExceeded(limits: readonly Limit[], at: Date): RpcError {
  const names = limits.map((limit) => limit.source);
  const ends = limits.map((limit) => periodEnd(limit.period, at).toISOString());
  return resourceExhausted(`The budget is used up: ${names.join(', ')}. Nothing was spent.`, {
    reason: 'BUDGET_EXCEEDED',
    metadata: { resource: names.join(','), period_end_time: ends.join(',') },
    quotaViolations: limits.map((limit) => ({
      subject: limit.source,
      description: `The step does not fit into ${usd(limit.limitMicroUsd)} per ${limit.period} (UTC).`,
    })),
  });
}

function priceUnknown(model: string, hard: readonly Limit[]): RpcError {
  const names = hard.map((limit) => limit.source).join(', ');
  return failedPrecondition(`${model} has no known price, and there is a hard budget: ${names}.`, {
    reason: 'PRICE_UNKNOWN',
    metadata: { resource: model },
  });
}

/** Micro-USD for people, without losing any of it. */
function usd(microUsd: bigint): string {
  return `$${Number(microUsd) / 1_000_000}`;
}
