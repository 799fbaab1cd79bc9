import {
  FailedQuestionSchema,
  type PromptAttempt,
  PromptAttemptSchema,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { editByRules } from './edit-by-rules.ts';
import type { Refinement } from './steps.ts';

const failure = (questionId: string, check: string, checkParameters: JsonObject = {}, p = 0.2) =>
  create(FailedQuestionSchema, { questionId, question: 'Is it so?', check, checkParameters, p });
const count = failure('count', 'object_count', { count: 3 });
const colour = failure('colour', 'dominant_colour', { colour: 'red' }, 0.1);
const size = failure('size', 'minimum_size');

const refinement = (more: Partial<Refinement>): Refinement => ({
  text: 'Three red apples on a table.',
  negative: '',
  failed: [count],
  history: [],
  requiredTerms: ['apples'],
  forbiddenTerms: [],
  maxChars: 0,
  negativePrompt: false,
  ...more,
});
const edited = (more: Partial<Refinement>) => {
  const result = editByRules(refinement(more));
  if (result.refused !== undefined) throw new Error(result.refused);
  return result;
};

test('says what to change and that all else stays, and nothing of how the picture was made', () => {
  const { text, rationale } = edited({ failed: [count, size] });
  expect(text).toBe(
    'Edit the picture so that this is right: Exactly 3 objects, clearly separated, and nothing else in the picture. ' +
      'Keep everything else in the picture exactly as it is.',
  );
  expect(rationale).toContain('count: asked for');
  expect(rationale).toContain('size: left, since the size is set by the parameters');
});

test('goes on in other words until none are left, and never says the same again', () => {
  const history: PromptAttempt[] = [];
  const texts = ['Three red apples on a table.'];
  for (;;) {
    const text = texts.at(-1) ?? '';
    history.push(create(PromptAttemptSchema, { prompt: { text }, failedQuestionIds: ['count'] }));
    const result = editByRules(refinement({ text, history: [...history] }));
    if (result.refused !== undefined) {
      expect(result.refused).toBe('Every instruction for what failed has been tried.');
      break;
    }
    texts.push(result.text);
  }
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.slice(1)).toEqual([
    expect.stringContaining('right: Exactly 3 objects, clearly separated'),
    expect.stringContaining('right: Important: exactly 3 objects, clearly'),
    expect.stringContaining('right: Important: count them: 3 objects in all'),
    expect.stringContaining('right: Above all: exactly 3 objects.'),
  ]);
});

test('says less where room is short, and the worst first', () => {
  const short = edited({ failed: [count, colour], maxChars: 60 });
  expect(short.text).toBe('A red subject. Exactly 3 objects. Keep all else.');
  const shorter = edited({ failed: [count, colour], maxChars: 32 });
  expect(shorter.text).toBe('A red subject. Keep all else.');
  expect(shorter.warnings).toEqual(['Nothing is asked for count: 32 characters have no room for it.']);
  expect(editByRules(refinement({ maxChars: 10 })).refused).toBe('No instruction fits into 10 characters.');
});

test('adds to the negative prompt of a model that has one', () => {
  expect(edited({ negative: 'text', negativePrompt: true }).negative).toBe(
    'text, extra objects, overlapping objects, clutter',
  );
});

test('is refused where words cannot help, or are forbidden', () => {
  expect(editByRules(refinement({ failed: [size] })).refused).toMatch(/set by the parameters/);
  expect(editByRules(refinement({ forbiddenTerms: ['objects'] })).refused).toMatch(/forbidden terms/);
  expect(editByRules(refinement({ forbiddenTerms: ['edit'] })).refused).toMatch(/forbidden term/);
});
