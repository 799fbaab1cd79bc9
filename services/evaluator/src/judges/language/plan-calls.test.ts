import { QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, mustBeApart } from './items.ts';
import { planCalls } from './plan-calls.ts';

const plain = (text: string) => create(QuestionSchema, { id: 'q', text });

const question = fc
  .record({
    text: fc.constantFrom('Is it red?', 'Is it a pear?', 'Is there a shadow?', 'Are there four pears?'),
    hasTwin: fc.boolean(),
    showReferences: fc.boolean(),
    count: fc.option(fc.constantFrom('4', '7'), { nil: undefined }),
    reads: fc.boolean(),
  })
  .map(({ text, hasTwin, showReferences, count, reads }) =>
    create(QuestionSchema, {
      id: 'q',
      text,
      negatedText: hasTwin ? `Not: ${text}` : '',
      showReferences,
      ...(count === undefined ? {} : { openCount: { of: 'pears', expected: count } }),
      ...(reads ? { check: { kind: 'text_present', parameters: { text: 'a pear' } } } : {}),
    }),
  );

describe('planning calls', () => {
  test('every item is asked once, in calls that are not too large, apart from what it must not stand beside', () => {
    const many = fc.array(question, { maxLength: 40 });
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 32 }), (questions, batch) => {
        const items = itemsOf(questions);
        const calls = planCalls(items, batch);
        expect(calls.flat()).toHaveLength(items.length);
        expect(new Set(calls.flat())).toEqual(new Set(items));
        for (const call of calls) {
          expect(call.length).toBeGreaterThan(0);
          expect(call.length).toBeLessThanOrEqual(batch);
          expect(new Set(call.map(({ showReferences }) => showReferences)).size).toBe(1);
          for (const [index, item] of call.entries()) {
            for (const other of call.slice(index + 1)) expect(mustBeApart(item, other)).toBe(false);
          }
        }
      }),
      { seed: 21 },
    );
  });

  test('twins cost no more calls than as many questions would, but for a single call', () => {
    const counts = fc.record({
      twins: fc.nat(20),
      others: fc.nat(20),
      batch: fc.integer({ min: 1, max: 16 }),
    });
    fc.assert(
      fc.property(counts, ({ twins, others, batch }) => {
        const withTwin = (_: unknown, index: number) =>
          create(QuestionSchema, { id: 'q', text: `Is ${index}?`, negatedText: `Is ${index} not?` });
        const questions = [
          ...Array.from({ length: twins }, withTwin),
          ...Array.from({ length: others }, (_, index) => plain(`Other ${index}?`)),
        ];
        const least = Math.ceil((2 * twins + others) / batch);
        expect(planCalls(itemsOf(questions), batch)).toHaveLength(twins > 0 ? Math.max(2, least) : least);
      }),
      { seed: 22 },
    );
  });

  test('what tells the wanted text or number is asked apart from the open question', () => {
    const reading = create(QuestionSchema, {
      id: 'read',
      text: 'Does it read "SUMMER SALE"?',
      check: { kind: 'text_present', parameters: { text: 'Summer Sale' } },
    });
    const count = create(QuestionSchema, {
      id: 'count',
      text: 'Are there four?',
      openCount: { of: 'pears', expected: '4' },
    });
    const telling = [plain('Is "SUMMER  SALE!" on top?'), plain('Are the four pears ripe?')];
    const silent = [plain('Is the summer in it?'), plain('Is it from 1942?')];
    expect(planCalls(itemsOf([reading, count, ...silent]), 8)).toHaveLength(1);
    expect(planCalls(itemsOf([reading, count, ...telling]), 8)).toHaveLength(2);
    // Neither the reading nor the count tells by itself what is hoped for.
    const texts = itemsOf([reading, count]).map(({ text }) => text);
    expect(texts.join()).not.toMatch(/sale|4|four/i);
  });
});
