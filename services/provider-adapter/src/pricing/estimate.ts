import { type Cost, CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { fieldValue } from '../parameters/layers.ts';
import type { Translation } from '../parameters/translate.ts';
import { FIELDS, type Size, taskName, valueText } from '../parameters/vocabulary.ts';
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
 * Upper bound of what making the candidates costs. Megapixels are those of the size that is sent, else of the largest
 * that the entry allows; a megapixel price that rounds up does so for each image.
 */
export function estimate(model: Model, translation: Translation, task: Task): Cost {
  const requests = translation.requests.length;
  const images = translation.requests.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const conditions = priceConditions(translation, task);
  const each = megapixels(model, translation.sentSize);
  const roundsUp = model.pricing?.rules.some(({ unit, roundUp }) => unit === 'megapixel' && roundUp) ?? false;
  const perImage = each !== undefined && roundsUp ? Math.ceil(each) : each;
  const units: Units = {
    request: requests,
    image: images,
    megapixel: perImage === undefined ? undefined : perImage * images,
  };
  return costOf(model, units, conditions, CostBasis.ESTIMATED);
}

/** One megapixel as vendors who price by it count: a picture of 1024 x 1024 is one, and not a little more than one. */
export const MEGAPIXEL = 1024 * 1024;

/** Megapixels of one image, as far as they are known before it is made. */
export function megapixels(model: Model, size: Size | undefined): number | undefined {
  if (size !== undefined) return (size.width * size.height) / MEGAPIXEL;
  const limit = model.capabilities.find(({ field }) => field === 'size')?.maxArea;
  return limit === undefined ? undefined : Number(limit) / MEGAPIXEL;
}
