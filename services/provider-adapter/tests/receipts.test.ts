import { OnUnsupported, ParametersSchema, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { type Model, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { readCatalog } from '../src/catalog/data-files.ts';
import { CELLS } from '../src/catalog/providers-doc.ts';
import { translate } from '../src/parameters/translate.ts';
import { ASKED, type Ask, inside, isReachedBySize, missing, outside, supportOf } from './receipt-values.ts';

const models = await readCatalog({ hasProvider: () => true });
const providers = Map.groupBy(models, ({ provider }) => provider);

const { EMULATED, DROPPED } = FieldDisposition;
const { STRICT, ADAPT, IGNORE } = OnUnsupported;
const DISPOSITIONS = new Map<number | undefined, string>(
  Object.entries(FieldDisposition).map(([name, value]) => [value, name]),
);

/** What becomes of a field: the receipt's word for it, and whether it is refused by name. */
function outcome(model: Model, field: string, ask: Ask, policy: OnUnsupported) {
  const [task = Task.GENERATE] = model.tasks;
  const translation = translate({
    model,
    providerType: model.provider,
    task,
    prompt: ask.prompt ?? 'an apple',
    layers: [{ source: ValueSource.CALL, parameters: create(ParametersSchema, ask.parameters) }],
    policy,
    candidates: Array.from({ length: ask.candidates ?? 1 }, () => ({})),
  });
  const entry = translation.receipt.find((each) => each.field === ask.entry);
  const path = field === 'prompt' ? 'prompt' : `parameters.${ask.entry}`;
  // What a model cannot do without is refused as well, and is not what is asked here.
  const refused = translation.problems.some(
    (problem) => problem.field === path && !problem.description.endsWith('cannot do without it'),
  );
  return { disposition: entry?.disposition, refused, reason: entry?.reason ?? '', entry };
}

describe.each([...providers])('receipts of %s', (_provider, own) => {
  const cases = own.flatMap((model) => CELLS.map((field) => [model.name, field, model] as const));

  test.each(cases)('%s: %s', (_name, field, model) => {
    const support = supportOf(model, field);
    const told = (ask: Ask, policy: OnUnsupported) => {
      const { disposition, refused } = outcome(model, field, ask, policy);
      return { ask: ask.what, disposition: DISPOSITIONS.get(disposition), refused };
    };
    const expected = (ask: Ask, disposition: FieldDisposition, refused = false) => ({
      ask: ask.what,
      disposition: DISPOSITIONS.get(disposition),
      refused,
    });
    if (support === Support.NATIVE) expectNative();
    else expectMissing();

    function expectNative(): void {
      const taken = inside(model, field);
      for (const policy of [STRICT, ADAPT, IGNORE]) {
        expect(told(taken, policy)).toEqual(expected(taken, FieldDisposition.NATIVE));
      }
      const not = outside(model, field);
      if (not === undefined) return;
      // What the model cannot take is brought near, or about by other means, and refused where that is not wanted.
      expect(told(not, ADAPT)).toEqual(expected(not, not.adapted));
      expect(outcome(model, field, not, ADAPT).reason).not.toBe('');
      expect(told(not, STRICT)).toMatchObject({ ask: not.what, refused: not.isKept !== true });
      expect(not.ignored).toContain(outcome(model, field, not, IGNORE).disposition);
    }

    function expectMissing(): void {
      const not = missing(model, field);
      const adapted = outcome(model, field, not, ADAPT);
      expect(adapted.refused).toBe(false);
      expect(adapted.reason).not.toBe('');
      // Several requests make several images whatever the policy, and a size may have the ratio that was asked for.
      const isReached =
        not.isFree === true || (isReachedBySize(model, field) && adapted.disposition === EMULATED);
      if (isReached) expect(adapted.disposition).toBe(EMULATED);
      else if (isReachedBySize(model, field)) expect(adapted.disposition).toBe(FieldDisposition.CLAMPED);
      else expect(told(not, ADAPT)).toEqual(expected(not, support === Support.EMULATED ? EMULATED : DROPPED));
      expect(told(not, IGNORE)).toEqual(expected(not, isReached ? EMULATED : DROPPED));
      // A prompt is a part of every request, and no field of the caller’s choice.
      expect(told(not, STRICT)).toMatchObject({ ask: not.what, refused: !isReached && field !== 'prompt' });
    }
  });
});

test('every field of the vocabulary is asked for', () => {
  expect(Object.keys(ASKED).sort()).toEqual([...CELLS].sort());
});
