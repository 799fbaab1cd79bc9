import {
  FailedQuestionSchema,
  type PromptAttempt,
  PromptAttemptSchema,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { length } from '../text/compose.ts';
import { sentenceKey } from '../text/sentences.ts';
import { containsTerm } from '../text/terms.ts';
import { refineByRules } from './refine-by-rules.ts';
import { RULES } from './rules.ts';
import { RULES_FOR_NO } from './rules-for-no.ts';
import type { Refinement } from './steps.ts';

const BASE = 'Three red apples on a table, soft light.';

interface Failure {
  readonly check: string;
  readonly parameters?: JsonObject;
  readonly question?: string;
  readonly critique?: string;
  readonly id?: string;
  readonly expectsNo?: boolean;
}

const failedQuestion = ({
  check,
  parameters = {},
  question = 'Is it so?',
  critique = 'It is not.',
  id = 'q',
  expectsNo = false,
}: Failure) =>
  create(FailedQuestionSchema, {
    questionId: id,
    question,
    critique,
    check,
    checkParameters: parameters,
    expectsNo,
  });

const attempt = (text: string, ...failedQuestionIds: string[]): PromptAttempt =>
  create(PromptAttemptSchema, { prompt: { text }, failedQuestionIds });

const refinement = (failures: readonly Failure[], more: Partial<Refinement> = {}): Refinement => ({
  text: BASE,
  negative: '',
  failed: failures.map(failedQuestion),
  history: [],
  requiredTerms: [],
  forbiddenTerms: [],
  maxChars: 0,
  negativePrompt: false,
  ...more,
});

function refined(failures: readonly Failure[], more: Partial<Refinement> = {}) {
  const result = refineByRules(refinement(failures, more));
  if (result.refused !== undefined) throw new Error(result.refused);
  return result;
}

/** Refines again and again as a cycle does whose questions always fail. */
function line(failures: readonly Failure[], rounds: number, more: Partial<Refinement> = {}): string[] {
  const texts = [more.text ?? BASE];
  const ids = failures.map(({ id = 'q' }) => id);
  const history: PromptAttempt[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const text = texts.at(-1) ?? '';
    history.push(attempt(text, ...ids));
    const result = refineByRules(refinement(failures, { ...more, text, history: [...history] }));
    if (result.refused !== undefined) break;
    texts.push(result.text);
  }
  return texts.slice(1);
}

const table: [Failure, string][] = [
  [
    { check: 'object_count', parameters: { count: 3 } },
    'Exactly 3 objects, clearly separated, and nothing else in the picture.',
  ],
  [
    { check: 'object_count', parameters: { count: '1' } },
    'Exactly 1 object, clearly separated, and nothing else in the picture.',
  ],
  [
    {
      check: 'object_count',
      parameters: { count: 3 },
      question: 'Are there exactly three ripe apples in the bowl?',
    },
    'Exactly 3 ripe apples, clearly separated, and nothing else in the picture.',
  ],
  [
    { check: 'object_count', parameters: { min: 2, max: 4 } },
    'Exactly 2 to 4 objects, clearly separated, and nothing else in the picture.',
  ],
  [
    { check: 'background_colour', parameters: { colour: '#F4EFE6' } },
    'Plain, uniform background in #f4efe6, with no texture, pattern or gradient.',
  ],
  [
    { check: 'background_colour', parameters: { min_plainness: 0.9 } },
    'Plain, uniform background with no texture, pattern or gradient.',
  ],
  [
    { check: 'background_colour', parameters: { colour: 'transparent' } },
    'The subject is isolated on a fully transparent background, with nothing behind it.',
  ],
  [
    { check: 'dominant_colour', parameters: { colour: 'dark green' } },
    'The subject is clearly dark green: dark green is its main colour.',
  ],
  [{ check: 'subject_centred' }, 'The subject is centred in the frame, with equal space on all sides.'],
  [
    { check: 'subject_centred', parameters: { axis: 'horizontal' } },
    'The subject is centred from left to right, with equal space on both sides.',
  ],
  [
    {
      check: 'frame_share',
      parameters: { min: 0.4, max: 0.6 },
      critique: 'The subject takes 10 % of the frame; ask for a closer view.',
    },
    'Closer view: the subject fills about 50% of the frame, wholly inside it.',
  ],
  [
    {
      check: 'frame_share',
      parameters: { max: 0.5 },
      critique: 'The subject takes 90 %; ask for more space around it.',
    },
    'Wider view: the subject fills about 25% of the frame, with a margin all round.',
  ],
  [
    { check: 'frame_share', parameters: { min: 0.12, max: 0.95 } },
    'The subject fills about 55% of the frame, wholly inside it, with a margin all round.',
  ],
  [{ check: 'sharpness' }, 'Sharp focus throughout, with crisp edges and no blur.'],
  [{ check: 'not_blank' }, 'The subject is clearly visible, large and in strong contrast to the background.'],
  [
    { check: 'transparency' },
    'The subject is isolated on a fully transparent background, with nothing behind it.',
  ],
  [
    { check: 'transparency', parameters: { expect: 'opaque' } },
    'A solid, opaque background fills the whole frame.',
  ],
  [
    { check: 'text_present', parameters: { text: 'SUMMER SALE' } },
    'The text must read exactly "SUMMER SALE", in large, plain, high-contrast letters.',
  ],
  [
    { check: 'text_present', parameters: { text: 'SALE', only: true } },
    'The text must read exactly "SALE", in large, plain, high-contrast letters, with no other words.',
  ],
  [
    { check: 'text_present', parameters: { text: 'say "hi"' } },
    `The text must read exactly "say 'hi'", in large, plain, high-contrast letters.`,
  ],
  [{ check: 'text_present' }, 'No text, letters, numbers, labels or watermark anywhere in the picture.'],
  [
    { check: 'likeness', parameters: { reference: 1 } },
    'The subject looks like the one in the reference image: the same shape, colours and proportions.',
  ],
  [
    {
      check: 'duplicate_of',
      critique: 'The picture is a near copy of reference 1; ask for another composition.',
      expectsNo: true,
    },
    'A new composition that differs from the reference image: another arrangement, seen from another angle.',
  ],
  [
    { check: 'duplicate_of', critique: 'The picture is no copy of reference 1.' },
    'The same composition, subject and colours as in the reference image.',
  ],
  [
    {
      check: 'object_count',
      parameters: { count: 3 },
      critique: 'There are 2.\nAsk for exactly 3 apples, side by side.',
    },
    'Exactly 3 apples, side by side.',
  ],
  [{ check: '', critique: 'The handle is missing; ask for a mug with a handle.' }, 'A mug with a handle.'],
  [
    { check: '', critique: 'The handle is missing.\nShow the handle on the right.' },
    'Show the handle on the right.',
  ],
  [
    { check: '', critique: 'The handle is missing.' },
    'Avoid this fault of an earlier picture: the handle is missing.',
  ],
  [{ check: '', critique: '', question: 'Is the handle visible?' }, 'With the handle visible.'],
  [{ check: 'symmetry', critique: 'It leans; ask for an upright bottle.' }, 'An upright bottle.'],
  [
    {
      check: '',
      question: 'Is there a watermark in the picture?',
      critique: 'Yes, at the bottom.',
      expectsNo: true,
    },
    'Without any watermark in the picture.',
  ],
  [
    {
      check: '',
      question: 'Does the image show people?',
      critique: 'Two people stand there.',
      expectsNo: true,
    },
    'Without people.',
  ],
  [
    { check: '', question: 'Are there more than two cups?', critique: '', expectsNo: true },
    'Without more than two cups.',
  ],
  [
    { check: '', question: 'Is it blurry?', critique: 'It is blurry.', expectsNo: true },
    'The picture is not blurry.',
  ],
  [
    { check: '', question: 'Is the cup broken?', critique: 'It has a crack.', expectsNo: true },
    'Without the cup broken.',
  ],
  [
    { check: '', question: 'Does the cup look old?', critique: 'It is stained.', expectsNo: true },
    'Avoid this fault of an earlier picture: it is stained.',
  ],
  [
    {
      check: '',
      question: 'Is the cup broken?',
      critique: 'It has a crack; ask for a whole cup.',
      expectsNo: true,
    },
    'A whole cup.',
  ],
  [
    { check: 'text_present', parameters: { text: 'SALE' }, expectsNo: true },
    'The words "SALE" are nowhere to be read in the picture.',
  ],
  [{ check: 'text_present', expectsNo: true }, 'Clearly legible lettering is part of the picture.'],
  [
    { check: 'background_colour', parameters: { colour: 'white' }, expectsNo: true },
    'The background is not white: it clearly has another colour.',
  ],
  [
    { check: 'background_colour', parameters: { colour: 'transparent' }, expectsNo: true },
    'A solid, opaque background fills the whole frame.',
  ],
  [
    { check: 'transparency', parameters: { expect: 'opaque' }, expectsNo: true },
    'The subject is isolated on a fully transparent background, with nothing behind it.',
  ],
  [
    { check: 'dominant_colour', parameters: { colour: 'red' }, expectsNo: true },
    'The subject is not red: its main colour is clearly another.',
  ],
  [
    { check: 'object_count', parameters: { count: 3 }, question: 'Are there 3 apples?', expectsNo: true },
    'Clearly more or clearly fewer apples than 3.',
  ],
];

describe('the first time', () => {
  test.each(table)('%j is told: %s', (failure, sentence) => {
    expect(refined([failure]).text).toBe(`${BASE} ${sentence}`);
  });

  test.each([
    [[{ check: 'minimum_size' }], /size is set by the parameters/],
    [
      [
        { check: 'aspect_ratio', id: 'a' },
        { check: 'format', id: 'b' },
      ],
      /a: the aspect ratio.*; b: the file format/,
    ],
    [[{ check: '', critique: '', question: 'Does it look fresh' }], /nothing is known but that it failed/],
  ])('what no words can mend is refused: %j', (failures, reason) => {
    expect(refineByRules(refinement(failures as Failure[])).refused).toMatch(reason);
  });

  test('several faults get one instruction each, and one topic only one', () => {
    const { text, rationale } = refined([
      { check: 'background_colour', parameters: { colour: 'white' }, id: 'ground' },
      { check: 'transparency', id: 'alpha' },
      { check: 'sharpness', id: 'sharp' },
      { check: 'minimum_size', id: 'size' },
    ]);
    expect(text.match(/background/g)).toHaveLength(1);
    expect(text).toContain('Sharp focus');
    expect(rationale.split('\n').map((entry) => entry.split(':')[0])).toEqual(['ground', 'sharp', 'size']);
  });
});

describe('again and again', () => {
  const count: Failure = { check: 'object_count', parameters: { count: 3 } };

  test('the same fault is told more strongly, without piling up', () => {
    expect(line([count], 9)).toEqual([
      `${BASE} Exactly 3 objects, clearly separated, and nothing else in the picture.`,
      `${BASE} Important: exactly 3 objects, clearly separated, and nothing else in the picture.`,
      `Important: count them: 3 objects in all, no more and no fewer, with clear space around each. ${BASE}`,
      `Above all: exactly 3 objects. ${BASE}`,
    ]);
  });

  test('what earlier rounds asked for stays, also at the front', () => {
    const [told = ''] = line([count], 1);
    const focus: Failure = { check: 'sharpness', id: 'focus' };
    const history = [attempt(BASE, 'q'), attempt(told, 'focus')];
    const next = refined([focus], { text: told, history }).text;
    expect(next).toBe(`${told} Sharp focus throughout, with crisp edges and no blur.`);
    const front = line([count], 3).at(-1) ?? '';
    const after = refined([focus], {
      text: front,
      history: [attempt(BASE, 'q'), attempt(front, 'focus')],
    }).text;
    expect(after.startsWith('Important: count them')).toBe(true);
  });

  test('a later instruction about the same replaces the earlier one, other texts stay', () => {
    const history = [attempt(BASE, 'ground')];
    const white = refined([{ check: 'background_colour', parameters: { colour: 'white' }, id: 'ground' }], {
      history,
    });
    const grey = refined([{ check: 'background_colour', parameters: { colour: 'grey' }, id: 'other' }], {
      text: white.text,
      history,
    });
    expect(grey.text).not.toContain('white');
    const one = refined([{ check: 'text_present', parameters: { text: 'ONE' } }], { history });
    const two = refined([{ check: 'text_present', parameters: { text: 'TWO' } }], {
      text: one.text,
      history,
    });
    expect(two.text).toContain('"ONE"');
    expect(two.text).toContain('"TWO"');
  });

  test("sentences of the first prompt are never taken for a round's own", () => {
    const text = 'A cup. Sharp focus.';
    const result = refined([{ check: 'sharpness' }], { text, history: [attempt(text, 'q')] });
    expect(result.text.startsWith(text)).toBe(true);
  });

  test("a judge's new words replace its old ones where they say much the same", () => {
    const history = [attempt(BASE, 'q')];
    const first = refined([{ check: '', critique: 'The handle is missing on the left mug.' }], { history });
    const next = refined([{ check: '', critique: 'The handle is missing on the left red mug.' }], {
      text: first.text,
      history: [...history, attempt(first.text, 'q')],
    });
    expect(next.text.match(/handle/g)).toHaveLength(1);
  });

  test('a prompt for another model, whose words are not those of the first, is built upon too', () => {
    const history = [attempt(BASE, 'q'), attempt('apples, three, red', 'q')];
    const result = refined([count], { text: 'apples, three, red', history });
    expect(result.text).toBe(
      'apples, three, red. Important: exactly 3 objects, clearly separated, and nothing else in the picture.',
    );
  });
});

describe('bounds', () => {
  test('short of room, the instruction comes before the style, and required terms stay', () => {
    const text = 'A red cup with "SALE", on dark wood, soft light, steam rising.';
    const failure: Failure = { check: 'background_colour', parameters: { colour: 'white' } };
    const at = (maxChars: number) =>
      refineByRules(refinement([failure], { text, maxChars, requiredTerms: ['"SALE"'] }));
    expect(at(200)).toMatchObject({ text: expect.stringContaining('Plain, uniform background in white') });
    expect(at(90)).toMatchObject({ text: `${text} Plain white background.` });
    expect(at(60)).toMatchObject({ text: 'A red cup with "SALE", on dark wood. Plain white background.' });
    expect(at(30).refused).toMatch(/fits into 30 characters/);
  });

  test('what is forbidden is not said', () => {
    const failures: Failure[] = [
      { check: 'sharpness', id: 'a' },
      { check: 'subject_centred', id: 'b' },
    ];
    expect(refined(failures, { forbiddenTerms: ['blur'] }).text).not.toMatch(/blur/i);
    expect(refineByRules(refinement(failures.slice(0, 1), { forbiddenTerms: ['blur'] })).refused).toMatch(
      /forbidden/,
    );
  });

  test('a required term that the prompt has lost comes back', () => {
    expect(refined([{ check: 'sharpness' }], { requiredTerms: ['fresh'] }).text).toMatch(/Include fresh\.$/);
  });

  test('what shall not be there goes into the negative prompt by its name, and is never asked for', () => {
    const failure: Failure = {
      check: '',
      question: 'Is there a watermark in the picture?',
      critique: 'There is one.',
      expectsNo: true,
    };
    expect(refined([failure], { negativePrompt: true }).negative).toBe('watermark');
    for (const text of line([failure], 4)) expect(text).not.toMatch(/with a watermark/i);
    const red: Failure = { check: 'dominant_colour', parameters: { colour: 'red' }, expectsNo: true };
    expect(refined([red], { negativePrompt: true }).negative).toBe('red subject');
  });

  test('every rule for no has a wording that differs from the rule for yes', () => {
    for (const no of RULES_FOR_NO) {
      const yes = RULES.find(({ check, form }) => check === no.check && form === no.form);
      expect(no.plain).not.toBe(yes?.plain);
      expect(RULES.some(({ check }) => check === no.check)).toBe(true);
    }
    const checks = (rules: typeof RULES) => [...new Set(rules.map(({ check }) => check))].sort();
    expect(checks(RULES_FOR_NO)).toEqual(checks(RULES));
  });

  test('nothing is cut or left unsaid in silence', () => {
    const text = 'A red cup with "SALE", on dark wood, soft light, steam rising.';
    const white: Failure = { check: 'background_colour', parameters: { colour: 'white' } };
    const warningsAt = (maxChars: number) =>
      refined([white], { text, maxChars, requiredTerms: ['"SALE"'] }).warnings;
    const isShort = (maxChars: number) =>
      `What is asked for is put in the fewest words, to keep the limit of ${maxChars} characters.`;
    expect(warningsAt(200)).toEqual([]);
    expect(warningsAt(90)).toEqual([isShort(90)]);
    expect(warningsAt(60)).toEqual([
      isShort(60),
      '2 clauses (26 characters) were left out of the prompt to keep its limit of 60 characters: “steam rising”, “soft light”.',
    ]);
    expect(refined([white], { requiredTerms: ['fresh'] }).warnings).toEqual([
      'The prompt did not say what is required of it, so it was added at the end: “fresh”.',
    ]);
    expect(refined([white], { negative: 'hands', negativePrompt: false }).warnings).toEqual([
      'The model has no negative prompt: “hands” is not sent to it.',
    ]);
    const full = { negative: 'x'.repeat(8_180), negativePrompt: true };
    expect(refined([white], full).warnings.join()).toContain('no room for “busy background”');
  });

  test('failures that are asked for in part or not at all are named', () => {
    const grey: Failure = { check: 'background_colour', parameters: { colour: 'grey' }, id: 'grey' };
    const white: Failure = { ...grey, parameters: { colour: 'white' }, id: 'white' };
    expect(refined([grey, white]).warnings).toEqual([
      'Nothing is asked for white: grey is about the same and goes first.',
    ]);
    const focus: Failure = { check: 'sharpness', id: 'focus' };
    expect(refined([grey, focus], { forbiddenTerms: ['blur'] }).warnings).toEqual([
      'Nothing is asked for focus: the wording would hold a forbidden term.',
    ]);
    const long: Failure = { check: 'text_present', parameters: { text: 'A'.repeat(201) }, id: 'long' };
    expect(refined([long]).warnings).toEqual([
      'Of long only the first 200 characters of its text is in the prompt.',
    ]);
    const wordy: Failure = { check: '', critique: `It is ${'very '.repeat(80)}dark`, id: 'wordy' };
    expect(refined([wordy]).warnings).toEqual([
      'Of wordy only the first 300 characters of the critique is in the prompt.',
    ]);
  });

  test('the negative prompt grows where the model has one, each term once', () => {
    const more = { negative: 'blur, hands', negativePrompt: true };
    expect(refined([{ check: 'sharpness' }], more).negative).toBe('blur, hands, soft focus, haze');
    expect(refined([{ check: 'sharpness' }], { ...more, negativePrompt: false }).negative).toBe(
      'blur, hands',
    );
  });
});

test('no line of refinements repeats itself, loses a requirement or outgrows its limit', () => {
  const failure = fc.constantFrom(...table.map(([each], index) => ({ ...each, id: `q${index}` })));
  const failures = fc.uniqueArray(failure, { minLength: 1, maxLength: 5, selector: ({ id }) => id });
  const limit = fc.constantFrom(0, 120, 240, 600);
  fc.assert(
    fc.property(failures, limit, (each, maxChars) => {
      const texts = line(each, 12, { maxChars, requiredTerms: ['red apples', 'fresh'] });
      expect(new Set([BASE, ...texts].map(sentenceKey)).size).toBe(texts.length + 1);
      for (const text of texts) {
        if (maxChars > 0) expect(length(text)).toBeLessThanOrEqual(maxChars);
        for (const term of ['red apples', 'fresh']) expect(containsTerm(text, term)).toBe(true);
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});
