import { type Cost, CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Catalog, Family } from './catalog/catalog.ts';
import { imageTokens } from './image-tokens.ts';
import type { ModelRequest } from './language-model.ts';
import type { Price, PriceOf } from './prices.ts';

/** Tokens that a request takes at most. */
export interface TokenBound {
  readonly input: number;
  readonly output: number;
}

/**
 * Tokens that asking once takes at most. A token of text is at least one byte of UTF-8, so that the bytes are a bound whatever
 * the tokenizer; an image counts as the vendor says, or as its dearest; the answer, with what is thought before it, is as long as
 * it may be.
 */
export function tokenBound(
  request: ModelRequest,
  asked: { catalog: Catalog; family: Family; thinking: number },
): TokenBound {
  const { catalog, family, thinking } = asked;
  let input = catalog.overhead_tokens + bytes(request.system) + bytes(request.schemaName);
  // The schema may be told in words, with marks around it.
  input += bytes(JSON.stringify(request.schema, undefined, 2));
  for (const part of request.parts) {
    // Each part has marks around it, and an image may have a name.
    input += PART_TOKENS + (part.kind === 'text' ? bytes(part.text) : imageTokens(family.images, part));
  }
  return { input, output: request.maxOutputTokens + thinking };
}

/** Tokens around a part, such as the marks of its beginning and its end. */
const PART_TOKENS = 16;

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** What a bound costs at most; unknown where no price is. Input and output are rounded up, as each is a usage of its own. */
export function boundCost(bound: TokenBound, priceOf: PriceOf, at: Date): Cost {
  // A prompt that is shorter than its bound may have another price: the dearer counts.
  const prices = [priceOf(0, at), priceOf(bound.input, at)];
  const costs = prices.map((price) => price && amount(bound, price));
  if (costs.some((cost) => cost === undefined)) return create(CostSchema, { basis: CostBasis.UNKNOWN });
  const microUsd = BigInt(Math.max(...(costs as number[])));
  return create(CostSchema, { microUsd, basis: CostBasis.ESTIMATED });
}

function amount({ input, output }: TokenBound, price: Price): number {
  return Math.ceil(input * Math.max(price.input, price.cachedInput)) + Math.ceil(output * price.output);
}
