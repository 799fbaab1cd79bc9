import type { AnswerToken } from '@atelier/language-models';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { placesOf, type TokenPlace, writtenEntries } from './token-places.ts';
import { numberProbability, yesProbability } from './token-probability.ts';

/** Cuts a text at the given places, each a share of its length. Tokens know no alternatives yet. */
function cutAt(text: string, shares: readonly number[]): string[] {
  const cuts = [...new Set(shares.map((share) => Math.floor(share * text.length)))].sort((a, b) => a - b);
  return [0, ...cuts]
    .map((cut, index) => text.slice(cut, cuts[index] ?? text.length))
    .filter((one) => one !== '');
}

/** What a model might have said in place of each piece, given that only the answer at `at` was in doubt. */
function withAlternatives(pieces: readonly string[], at: number, pYes: number): AnswerToken[] {
  let start = 0;
  return pieces.map((text) => {
    const inside = at - start;
    start += text.length;
    if (inside < 0 || inside >= text.length) return { text, top: [{ text, logProbability: 0 }] };
    // The token that the other answer would have begun with: as many letters of it as there are here.
    const before = text.slice(0, inside);
    const rest = text.slice(inside);
    const isYes = rest.toLowerCase().startsWith('y');
    const other = isYes
      ? rest.replace(/^y(es?)?/i, 'no')
      : rest.replace(/^no?/i, rest.length > 1 ? 'yes' : 'y');
    const [yes, no] = isYes ? [text, before + other] : [before + other, text];
    return {
      text,
      top: [
        { text: yes, logProbability: Math.log(pYes) },
        { text: no, logProbability: Math.log(1 - pYes) },
        { text: 'Perhaps', logProbability: -12 },
      ],
    };
  });
}

const words = fc.string({ unit: 'grapheme', maxLength: 30 });
const entry = fc.record({
  id: fc.integer({ min: 1, max: 40 }).map((number) => `q${number}`),
  answer: fc.constantFrom('yes', 'no'),
  finding: words,
  fix: words,
});
const answers = fc.uniqueArray(entry, { minLength: 1, maxLength: 8, selector: ({ id }) => id });
const shares = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 60 });

describe('tokens and the JSON that they spell', () => {
  test('p is found whatever the tokens are', () => {
    const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const indent = fc.constantFrom(0, 2);
    fc.assert(
      fc.property(answers, shares, p, fc.nat(), indent, (entries, cuts, pYes, pick, spaces) => {
        const text = JSON.stringify({ answers: entries }, null, spaces);
        const index = pick % entries.length;
        const at = writtenEntries(text)[index]?.at ?? -1;
        const tokens = withAlternatives(cutAt(text, cuts), at, pYes);
        const place = placesOf(tokens, entries)?.[index];
        expect(place).toBeDefined();
        expect(yesProbability(place as TokenPlace)).toBeCloseTo(pYes, 6);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  test('entries stand where they stand, in whatever order their properties come', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), (entries, isSorted) => {
        const listed = isSorted
          ? entries.map(({ id, answer, finding, fix }) => ({ answer, finding, fix, id }))
          : entries;
        const text = JSON.stringify({ answers: listed });
        const written = writtenEntries(text);
        expect(written.map(({ id, answer }) => ({ id, answer }))).toEqual(
          entries.map(({ id, answer }) => ({ id, answer })),
        );
        for (const { at, answer } of written) expect(text.startsWith(answer, at)).toBe(true);
      }),
      { seed: 12 },
    );
  });

  test('letters that are cut in two do not disturb what stands beside them', () => {
    const entries = [{ id: 'q1', answer: 'yes', finding: 'a 🍎', fix: '' }];
    const text = JSON.stringify({ answers: entries }).replace('🍎', '\\xf0\\x9f�');
    const tokens = cutAt(text, [0.2, 0.4, 0.9]).map((one) => ({ text: one, top: [] }));
    expect(placesOf(tokens, entries)).toHaveLength(1);
  });

  test('tokens of another answer than the one that came are nobody’s', () => {
    const tokens = [{ text: '{"answers":[{"id":"q2","answer":"yes"}]}', top: [] }];
    expect(placesOf(tokens, [{ id: 'q1', answer: 'yes' }])).toBeUndefined();
    expect(placesOf(tokens, [{ id: 'q2', answer: 'no' }])).toEqual([undefined]);
    expect(placesOf(tokens, [])).toBeUndefined();
  });

  test('any text can be read, and gives no entry where it has none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { at } of writtenEntries(text)) expect(at).toBeGreaterThan(0);
      }),
      { seed: 13 },
    );
  });
});

function place(text: string, top: Readonly<Record<string, number>>, before = '', after = '"'): TokenPlace {
  const listed = Object.entries(top).map(([each, p]) => ({ text: each, logProbability: Math.log(p) }));
  return { token: { text, top: listed }, before, after };
}

describe('p(yes) at a token', () => {
  test.each([
    ['case and spaces do not count', place('yes', { yes: 0.5, Yes: 0.2, ' yes': 0.1, No: 0.2 }), 0.8],
    ['what is neither does not count', place('yes', { yes: 0.3, maybe: 0.6, no: 0.1 }), 0.75],
    ['first letters of the words', place('y', { y: 0.6, n: 0.4 }), 0.6],
    ['words with what closes them', place('no",', { 'no",': 0.7, 'yes",': 0.3 }), 0.3],
    ['what stands before in the token', place('":"yes', { '":"yes': 0.9, '":"no': 0.1 }, '":"'), 0.9],
    ['longer words that only begin alike', place('no', { no: 0.5, none: 0.4, yes: 0.25 }), 1 / 3],
    ['one answer that was certain', place('yes', { yes: 0.99 }), 1],
    [
      'one answer, where the other is less likely than what is told',
      place('yes', { yes: 0.6, maybe: 0.02 }),
      1,
    ],
  ])('%s', (_, at, p) => {
    expect(yesProbability(at)).toBeCloseTo(p);
  });

  test.each([
    ['no alternatives', place('yes', {})],
    ['neither answer among them', place('"', { '"': 0.9, "'": 0.1 })],
    ['one answer that was not certain, and nothing else told', place('yes', { yes: 0.6 })],
    ['spellings of one answer, where the other may be as likely', place('yes', { yes: 0.5, Yes: 0.2 })],
  ])('%s tells nothing', (_, at) => {
    expect(yesProbability(at)).toBeUndefined();
  });
});

describe('p of a number at a token', () => {
  const isFour = (number: number) => number === 4;

  test('is over all numbers that might have stood there', () => {
    expect(numberProbability(place('4', { 4: 0.6, 3: 0.3, five: 0.1 }), isFour)).toBeCloseTo(2 / 3);
    expect(numberProbability(place('"12', { '"12': 0.5, '"4': 0.5 }, '"'), isFour)).toBeCloseTo(0.5);
  });

  test('is not told by the first token of several', () => {
    expect(numberProbability(place('1', { 1: 0.9, 4: 0.1 }, '', '2"'), isFour)).toBeUndefined();
    expect(numberProbability(place('"', { '"': 1 }, ''), isFour)).toBeUndefined();
  });
});
