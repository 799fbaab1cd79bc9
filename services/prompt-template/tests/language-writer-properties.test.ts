import { ModelFailure } from '@atelier/language-models';
import { createLogger } from '@atelier/observability';
import { RpcError } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { length } from '../src/text/compose.ts';
import { hasControls } from '../src/text/controls.ts';
import { sentenceKey } from '../src/text/sentences.ts';
import { missingTerms, presentTerms } from '../src/text/terms.ts';
import { languageWriter } from '../src/writers/language/language-writer.ts';
import { CannotRefine } from '../src/writers/prompt-writer.ts';
import { costOf, type Reply, scriptedModel } from './scripted-model.ts';
import { attempt, expandInput, refineInput, TARGET } from './writer-inputs.ts';

const log = createLogger({ service: 'prompt-template', level: 'silent' });
const never = { signal: new AbortController().signal, deadline: undefined };

/** Words of which some are needed, some forbidden, and some spoil a text. */
const word = fc.constantFrom(
  'three pears',
  'just 3 pears under "FRESH"',
  'pears',
  'three',
  '3',
  'four',
  'blood',
  'b\u200blood',
  'Acme',
  'on white linen',
  '"FRESH"',
  '“FRESH”',
  '\u0000',
  '\u202e',
  '\n\n',
  ',',
  '.',
  '🍐',
  'x'.repeat(40),
);
const text = fc.oneof(
  fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const reply: fc.Arbitrary<Reply> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ prompt: text, negative_prompt: text, notes: text }),
  },
  { weight: 2, arbitrary: fc.dictionary(fc.constantFrom('prompt', 'notes', 'other'), fc.jsonValue()) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('refused', 'malformed', 'timeout', 'auth', 'invalid_request')
      .map((kind) => new ModelFailure(kind as 'refused', 'it failed')),
  },
);
const replies = fc.array(reply, { minLength: 3, maxLength: 3 });

function writing(answers: readonly Reply[]) {
  const model = scriptedModel((_, number) => answers[number - 1] ?? {});
  return languageWriter({ model, log, record: () => {} });
}

test('whatever a model answers, a prompt keeps the limit, what is required and what is forbidden', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      replies,
      fc.integer({ min: 30, max: 200 }),
      fc.boolean(),
      async (answers, maxChars, named) => {
        const target = { ...TARGET, maxChars };
        const given = { item: 'pears', count: 3, ...(named && { line: 'FRESH' }) };
        const input = expandInput(given, { target, forbiddenTerms: ['acme'] });
        const writer = writing(answers);
        try {
          const { text: prompt, negative, usage, writer: by } = await writer.expand(input, never);
          expect(length(prompt)).toBeLessThanOrEqual(maxChars);
          expect(prompt.trim()).not.toBe('');
          expect(hasControls(prompt) || hasControls(negative)).toBe(false);
          expect(missingTerms(prompt, ['pears'])).toEqual([]);
          expect(presentTerms(prompt, ['blood', 'acme'])).toEqual([]);
          expect(presentTerms(negative, ['blood', 'acme'])).toEqual([]);
          expect(negative).toMatch(/^watermark/);
          expect(costOf(usage)).toBeLessThanOrEqual(writer.estimates.expand(input).microUsd ?? -1n);
          if (by !== 'template') taken += 1;
        } catch (error) {
          // A model that is away is the only reason for a caller to come again.
          expect(error).toBeInstanceOf(RpcError);
          expect(answers.some((each) => each instanceof ModelFailure && each.kind === 'timeout')).toBe(true);
        }
      },
    ),
    { seed: 11, numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(20);
});

test('whatever a model answers, a rewrite is new, and drops nothing that is required', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(replies, text, fc.boolean(), async (answers, earlier, edit) => {
      const before = 'Four pears on white linen.';
      const history = [attempt(earlier, 'count'), attempt(before, 'count')];
      const input = refineInput(before, { history, edit });
      const writer = writing(answers);
      try {
        const { text: prompt, negative, usage } = await writer.refine(input, never);
        expect([before, earlier].map(sentenceKey)).not.toContain(sentenceKey(prompt));
        expect(length(prompt)).toBeLessThanOrEqual(input.target.maxChars);
        expect(hasControls(prompt) || hasControls(negative)).toBe(false);
        expect(presentTerms(prompt, ['blood'])).toEqual([]);
        if (!edit) {
          expect(missingTerms(prompt, ['pears'])).toEqual([]);
          expect(prompt).toMatch(/3|three/i);
        }
        expect(costOf(usage)).toBeLessThanOrEqual(writer.estimates.refine(input).microUsd ?? -1n);
        taken += 1;
      } catch (error) {
        if (error instanceof CannotRefine) return;
        expect(error).toBeInstanceOf(RpcError);
        expect(answers.some((each) => each instanceof ModelFailure && each.kind === 'timeout')).toBe(true);
      }
    }),
    { seed: 12, numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(20);
});
