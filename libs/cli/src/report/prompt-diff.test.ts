import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffHtml, promptDiff, type Stretch } from './prompt-diff.ts';

const side = (stretches: readonly Stretch[], not: Stretch['kind']) =>
  stretches
    .filter(({ kind }) => kind !== not)
    .map(({ text }) => text)
    .join('');

describe('promptDiff', () => {
  test('what stays and what was taken out is the old text, what stays and what was put in the new', () => {
    const word = fc.constantFrom(
      'three',
      'lemons',
      ' ',
      '  ',
      ', ',
      'apart',
      '.',
      '\n',
      '柠檬',
      'Zitrönchen',
      '🍋',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        const stretches = promptDiff(before, after);
        expect(side(stretches, 'put-in')).toBe(before);
        expect(side(stretches, 'taken-out')).toBe(after);
        expect(stretches.every((stretch) => stretch.text !== '')).toBe(true);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test('equal texts are one stretch', () => {
    expect(promptDiff('three lemons', 'three lemons')).toEqual([{ kind: 'same', text: 'three lemons' }]);
    expect(promptDiff('', '')).toEqual([]);
  });

  test('a phrase that was put in is one stretch, and words are never cut', () => {
    expect(promptDiff('three lemons, flat', 'exactly three lemons, well apart, flat')).toEqual([
      { kind: 'put-in', text: 'exactly ' },
      { kind: 'same', text: 'three lemons, ' },
      { kind: 'put-in', text: 'well apart, ' },
      { kind: 'same', text: 'flat' },
    ]);
  });

  test('a phrase in place of another reads as one change', () => {
    expect(promptDiff('on a white ground', 'on some cream wall')).toEqual([
      { kind: 'same', text: 'on ' },
      { kind: 'taken-out', text: 'a white ground' },
      { kind: 'put-in', text: 'some cream wall' },
    ]);
  });

  test('long texts that have nothing in common are shown whole', () => {
    const [before, after] = ['a b c d e f ', 'u v w x y z '].map((text) => text.repeat(2_700));
    expect(promptDiff(before as string, after as string).map(({ kind }) => kind)).toEqual([
      'taken-out',
      'put-in',
    ]);
  });

  test('marks are elements with a meaning', () => {
    expect(String(diffHtml(promptDiff('a <b>', 'a <i>')))).toBe('a &lt;<del>b</del><ins>i</ins>&gt;');
  });
});
