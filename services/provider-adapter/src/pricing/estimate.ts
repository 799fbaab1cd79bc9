import { type Cost, CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { create } from '@bufbuild/protobuf';
import { largestArea } from '../parameters/dimensions.ts';
import { fieldValue } from '../parameters/layers.ts';
import type { Translation } from '../parameters/translate.ts';
import { FIELDS, type Size, taskName, valueText } from '../parameters/vocabulary.ts';
import { timeoutMs } from '../submit/timeout.ts';
import { costOf, type PriceConditions, type Units } from './price.ts';

/**
 * The values by which price rules may tell requests apart: what is sent, since that is what vendors charge by, else what
 * counts.
 */
export function priceConditions(translation: Translation, task: Task): PriceConditions {
  const conditions: Record<string, string> = { task: taskName(task) };
  for (const field of FIELDS) {
    const value = fieldValue(translation.effective, field);
    const text = translation.sentValues[field] ?? (value === undefined ? undefined : valueText(value));
    if (text !== undefined) conditions[field] = text.toLowerCase();
  }
  return conditions;
}

/**
 * Upper bound of what making the candidates costs: the sum of what will be counted for each, as parts of a unit of money are
 * rounded up for each. Megapixels are those of the size that is sent, else of the largest that the entry allows. Seconds are
 * those for which a request is waited for: then its job is cancelled.
 */
export function estimate(model: Model, translation: Translation, task: Task): Cost {
  const conditions = priceConditions(translation, task);
  const size = translation.sentSize;
  const costs = translation.requests.flatMap(({ candidates }) =>
    candidates.map((_, index) => {
      const units = unitsAtMost(model, { size, conditions, index, images: candidates.length });
      return costOf(model, units, conditions, CostBasis.ESTIMATED);
    }),
  );
  const [first] = costs;
  if (first?.microUsd === undefined) return first ?? create(CostSchema, { basis: CostBasis.UNKNOWN });
  const microUsd = costs.reduce((sum, cost) => sum + (cost.microUsd ?? 0n), 0n);
  return create(CostSchema, { ...first, microUsd });
}

/** One candidate of a native request, as far as prices are concerned. */
export interface Share {
  /** The size that the model is asked for. */
  readonly size: Size | undefined;
  readonly conditions: PriceConditions;
  /** Which image of its request it is. The first one bears what the whole request costs. */
  readonly index: number;
  /** How many images its request makes. */
  readonly images: number;
}

/** The units that a candidate takes at most, as far as they are known before it is made. */
export function unitsAtMost(model: Model, { size, conditions, index, images }: Share) {
  return {
    image: 1,
    request: index === 0 ? 1 : 0,
    second: index === 0 ? timeoutMs(model, images) / 1_000 : 0,
    megapixel: megapixels(model, size, conditions.resolution),
  } satisfies Units;
}

/** One megapixel as vendors who price by it count: a picture of 1024 x 1024 is one, and not a little more than one. */
export const MEGAPIXEL = 1024 * 1024;

/**
 * Megapixels that one image has at most, as far as they are known before it is made: those of the size that is asked for,
 * else of the largest of the named resolution, else of the largest that the entry allows.
 */
function megapixels(
  model: Model,
  size: Size | undefined,
  resolution: string | undefined,
): number | undefined {
  if (size !== undefined) return (size.width * size.height) / MEGAPIXEL;
  const sizes = model.capabilities.find(({ field }) => field === 'size');
  const area = largestArea(sizes, resolution);
  return area === undefined ? undefined : area / MEGAPIXEL;
}
