import type { Catalog, PriceEntry } from './catalog/catalog.ts';

/** What tokens of a model cost, in millionths of a US dollar each. */
export interface Price {
  readonly input: number;
  /** Input that the vendor had in its cache. */
  readonly cachedInput: number;
  readonly output: number;
  /** Which price it is: the day on which it was read, or `configured`. */
  readonly version: string;
}

/** Finds the price of a request with so many input tokens, at a time. Undefined where it is unknown. */
export type PriceOf = (inputTokens: number, at: Date) => Price | undefined;

/** The price that an operator has set, which goes before any that we know. */
export function configuredPrice(input: number, output: number): PriceOf {
  const price = { input, cachedInput: input, output, version: 'configured' };
  return () => price;
}

/** The price of a model as the vendor's page has it. */
export function listedPrice({ prices }: Catalog, model: string): PriceOf {
  const entries = prices.filter((entry) => entry.model === model || entry.aliases.includes(model));
  return (inputTokens, at) => {
    const today = at.toISOString().slice(0, 10);
    const entry = entries.filter(({ from = '' }) => from <= today).sort(latestFirst)[0];
    return entry && priceOf(entry, inputTokens);
  };
}

function latestFirst({ from: one = '' }: PriceEntry, { from: other = '' }: PriceEntry): number {
  return one < other ? 1 : -1;
}

function priceOf(entry: PriceEntry, inputTokens: number): Price | undefined {
  const { input, output, cached_input = input, as_of: version, long_prompt: long } = entry;
  if (long === undefined || inputTokens <= long.above)
    return { input, cachedInput: cached_input, output, version };
  if (long.input === undefined || long.output === undefined) return undefined;
  // Nobody says what cached input of a long prompt costs: it counts as any other.
  return { input: long.input, cachedInput: long.input, output: long.output, version };
}
