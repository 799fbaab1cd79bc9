import {
  type Cost,
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { TokenBound } from './estimate.ts';
import type { Price, PriceOf } from './prices.ts';

/** What a vendor says that an answer took. */
export interface Consumption {
  readonly input: number;
  /** Those of the input that the vendor had in its cache. */
  readonly cachedInput: number;
  readonly output: number;
}

/** Whose work it is, and at what price. */
export interface SpendingOptions {
  readonly kind: UsageKind;
  /** Name of the instance. */
  readonly instance: string;
  /** The vendor's name of the model. */
  readonly model: string;
  readonly priceOf: PriceOf;
}

/** What a question has used so far, over all its attempts. */
export class Spending {
  readonly #options: SpendingOptions;
  readonly #known: { consumption: Consumption; price: Price | undefined }[] = [];
  readonly #bounds: { consumption: Consumption; price: Price | undefined }[] = [];
  #seconds = 0;

  constructor(options: SpendingOptions) {
    this.#options = options;
  }

  /** Adds what the vendor said. */
  add(consumption: Consumption, at: Date): void {
    this.#known.push({ consumption, price: this.#options.priceOf(consumption.input, at) });
  }

  /** Adds an attempt of which nobody knows whether it was answered and billed: as the most that it can have used. */
  addUnknown({ input, output }: TokenBound, at: Date): void {
    const consumption = { input, cachedInput: 0, output };
    this.#bounds.push({ consumption, price: this.#options.priceOf(input, at) });
  }

  /** Adds seconds of the vendor's machine, which some models are billed by. */
  addSeconds(seconds: number): void {
    this.#seconds += seconds;
  }

  /** One usage for input and one for output, of what is known; the same of what is an upper bound; one for seconds. */
  get usage(): readonly Usage[] {
    return [
      ...this.#tokens(this.#known, CostBasis.ACTUAL),
      ...this.#tokens(this.#bounds, CostBasis.ESTIMATED),
      ...(this.#seconds > 0 ? [this.#usage('second', this.#seconds, undefined, '')] : []),
    ];
  }

  #tokens(
    used: readonly { consumption: Consumption; price: Price | undefined }[],
    basis: CostBasis,
  ): Usage[] {
    if (used.length === 0) return [];
    const version = used.at(-1)?.price?.version ?? '';
    const sum = (count: (consumption: Consumption, price: Price | undefined) => number | undefined) =>
      used.reduce<number | undefined>((total, { consumption, price }) => {
        const added = count(consumption, price);
        return total === undefined || added === undefined ? undefined : total + added;
      }, 0);
    const inputCost = sum(
      ({ input, cachedInput }, price) =>
        price && (input - cachedInput) * price.input + cachedInput * price.cachedInput,
    );
    const outputCost = sum(({ output }, price) => price && output * price.output);
    return [
      this.#usage('input_token', sum(({ input }) => input) ?? 0, inputCost, version, basis),
      this.#usage('output_token', sum(({ output }) => output) ?? 0, outputCost, version, basis),
    ];
  }

  #usage(
    unit: string,
    units: number,
    amount: number | undefined,
    version: string,
    basis: CostBasis = CostBasis.UNKNOWN,
  ): Usage {
    const { kind, instance, model } = this.#options;
    const owner = kind === UsageKind.JUDGE ? 'judges' : 'llms';
    return create(UsageSchema, {
      kind,
      model: `${owner}/${instance}@${model}`.slice(0, MODEL_LENGTH),
      units,
      unit,
      // What a unit came to: input from the vendor's cache is cheaper.
      ...(amount !== undefined && units > 0 && { unitPriceMicroUsd: amount / units }),
      ...(amount !== undefined && { priceVersion: version }),
      cost: costOf(amount, basis),
    });
  }
}

/** Longest name of a model in a usage. */
const MODEL_LENGTH = 256;

function costOf(amount: number | undefined, basis: CostBasis): Cost {
  if (amount === undefined) return create(CostSchema, { basis: CostBasis.UNKNOWN });
  return create(CostSchema, { microUsd: BigInt(Math.round(amount)), basis });
}
