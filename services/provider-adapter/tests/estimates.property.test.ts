import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Model, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCatalog } from '../src/catalog/data-files.ts';
import { isAllowed, isSameArea, resolutionArea } from '../src/parameters/dimensions.ts';
import { type Translation, type TranslationInput, translate } from '../src/parameters/translate.ts';
import { parseSize, type Size } from '../src/parameters/vocabulary.ts';
import { estimate, MEGAPIXEL, priceConditions } from '../src/pricing/estimate.ts';
import { usageOf } from '../src/pricing/price.ts';
import { PRICED_UNITS } from '../src/pricing/units.ts';
import { timeoutMs } from '../src/submit/timeout.ts';
import { inputFor } from './vendors/generated-requests.ts';

const SEED = 20_261_128;
const RUNS = 60;

const models = (await readCatalog({ hasProvider: () => true })).filter(
  ({ pricing, state }) => (pricing?.rules.length ?? 0) > 0 && state !== ModelState.DISABLED,
);

/** A size between two that lie on the grid of a model's sizes. */
const sides = (size: Model['capabilities'][number]) => {
  const { min = 1, max = 4_096, step = 1 } = size;
  const side = fc
    .integer({ min: Math.ceil(min / step), max: Math.floor(max / step) })
    .map((count) => count * step);
  return fc.record({ width: side, height: side });
};

/**
 * The size that a result may have: the one that was asked for; else any that the model takes, of the resolution that was asked
 * for where one was. Undefined where nothing of its size is known, which prices by the megapixel must not be.
 */
function resultSize(model: Model, { sentSize, sentValues }: Translation): fc.Arbitrary<Size | undefined> {
  if (sentSize !== undefined) return fc.constant(sentSize);
  const area = resolutionArea(sentValues.resolution ?? '');
  const isOfResolution = (size: Size) => area === undefined || isSameArea(size.width * size.height, area);
  const sizes = model.capabilities.find(({ field, native }) => field === 'size' && native.length > 0);
  if (sizes === undefined) {
    const side = Math.sqrt(area ?? Number.NaN);
    return fc.constant(area === undefined ? undefined : { width: side, height: side });
  }
  const listed = sizes.values.flatMap((text) => parseSize(text) ?? []).filter(isOfResolution);
  if (listed.length > 0) return fc.constantFrom(...listed);
  return sides(sizes).filter((size) => isAllowed(size, sizes) && isOfResolution(size));
}

/** What the results of a translation cost by the price list, of the sizes that they turn out to have. */
function actualCost(
  model: Model,
  { task }: TranslationInput,
  translation: Translation,
  size: Size | undefined,
) {
  const conditions = priceConditions(translation, task);
  let [total, isWhole] = [0n, true];
  for (const { candidates } of translation.requests) {
    for (const index of candidates.keys()) {
      const units = {
        image: 1,
        request: index === 0 ? 1 : 0,
        second: index === 0 ? timeoutMs(model, candidates.length) / 1_000 : 0,
        megapixel: size === undefined ? undefined : (size.width * size.height) / MEGAPIXEL,
      };
      for (const { cost } of usageOf(model, units, conditions, CostBasis.ACTUAL)) {
        total += cost?.microUsd ?? 0n;
        isWhole &&= cost?.microUsd !== undefined;
      }
    }
  }
  return { total, isWhole };
}

const byTokens = ({ pricing }: Model) => pricing?.rules.some(({ unit }) => unit.endsWith('_token')) ?? false;

describe('an estimate is an upper bound of what the price list makes of the results', () => {
  test.each(models.map((model) => [model.name, model] as const))('%s', (_name, model) => {
    const requests = inputFor(model, model.provider, { adapters: ['owner/weights'] }).chain((input) => {
      const translation = translate(input);
      return resultSize(model, translation).map((size) => ({ input, translation, size }));
    });
    let taken = 0;
    fc.assert(
      fc.property(requests, ({ input, translation, size }) => {
        if (translation.problems.length > 0) return;
        const estimated = estimate(model, translation, input.task);
        const { total, isWhole } = actualCost(model, input, translation, size);
        // Where the list has no price for such a request, neither has the estimate.
        expect(estimated.microUsd !== undefined).toBe(isWhole);
        expect(estimated.incomplete).toBe(false);
        expect(Number(estimated.microUsd ?? 0n)).toBeGreaterThanOrEqual(Number(total));
        if (estimated.microUsd !== undefined) taken += 1;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(0);
  });
});

test('what only the provider can count has a bound for every request that it is counted for', () => {
  const counted = models.filter(byTokens);
  expect(counted.length).toBeGreaterThan(0);
  for (const { name, pricing } of counted) expect([name, pricing?.bounds.length]).not.toEqual([name, 0]);
  expect(PRICED_UNITS).toContain('second');
});

test('every price says where it was read, and when', () => {
  for (const { name, provider, pricing } of models) {
    // What this process makes itself costs what its entry says.
    if (provider === 'sandbox' || provider === 'studio') continue;
    expect([name, pricing?.source]).toEqual([name, expect.stringMatching(/20\d\d/)]);
  }
});
