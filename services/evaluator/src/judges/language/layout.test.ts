import { QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { controlFor } from './control.ts';
import { itemsOf } from './items.ts';
import { layOut, wordsOf } from './layout.ts';

const questions = ['Is it red?', 'Is it a pear?', 'Is it on a table?', 'Is it sharp?'].map((text) =>
  create(QuestionSchema, { id: 'q', text }),
);
const items = itemsOf(questions);
const layouts = Array.from({ length: 60 }, (_, ask) => layOut(items, { images: 'abc', ask, attempt: 0 }));

describe('the lines of a call', () => {
  test('hold every item and one control question, under ids that say nothing', () => {
    for (const lines of layouts) {
      expect(lines.map(({ id }) => id)).toEqual(['q1', 'q2', 'q3', 'q4', 'q5']);
      expect(lines.filter(({ kind }) => kind === 'control')).toHaveLength(1);
      const texts = lines.map((line) => wordsOf(line).text);
      for (const { text } of items) expect(texts).toContain(text);
    }
  });

  test('follow from pictures and questions, and change with the ask and with a repeat', () => {
    expect(layOut(items, { images: 'abc', ask: 1, attempt: 0 })).toEqual(layouts[1]);
    const others = [
      layOut(items, { images: 'abd', ask: 1, attempt: 0 }),
      layOut(items, { images: 'abc', ask: 1, attempt: 1 }),
      layOut(items.slice(1), { images: 'abc', ask: 1, attempt: 0 }),
    ];
    const control = (lines: (typeof others)[number]) => lines.find(({ kind }) => kind === 'control');
    for (const lines of others) expect(control(lines)).not.toEqual(control(layouts[1] ?? []));
  });

  test('put every item first now and then, and the control question everywhere', () => {
    const places = layouts.map((lines) => lines.findIndex(({ kind }) => kind === 'control'));
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 3, 4]));
    const firsts = layouts.slice(0, 8).map((lines) => lines.find(({ kind }) => kind === 'item'));
    expect(new Set(firsts.map((line) => line && wordsOf(line).text)).size).toBe(4);
  });
});

describe('control questions', () => {
  const controls = Array.from({ length: 400 }, (_, seed) => controlFor(items, String(seed)));

  test('are many, of several kinds, and read like questions', () => {
    expect(new Set(controls.map(({ text }) => text)).size).toBeGreaterThan(380);
    for (const { text, form } of controls) {
      expect(form).toBe('yes_no');
      expect(text).toMatch(/^[A-Z][^?]{15,90}\?$/);
      expect(text).not.toMatch(/\b(control|test|undefined)\b/i);
    }
    const kinds = new Set(controls.map(({ text }) => text.split(' ').slice(0, 2).join(' ')));
    expect(kinds.size).toBeGreaterThanOrEqual(5);
  });

  test('never speak of what the items speak of', () => {
    const music = itemsOf([create(QuestionSchema, { id: 'q', text: 'Is there a harp, a tuba or a cello?' })]);
    for (let seed = 0; seed < 300; seed += 1) {
      expect(controlFor(music, String(seed)).text).not.toMatch(/\b(harp|tuba|cello)\b/);
    }
  });

  test('ask of things in two colours that they never have, since a picture may have the things', () => {
    const colours = 'turquoise|lilac|violet|magenta|mint-green|salmon-pink|lime-green|orchid';
    const openCount = { of: 'boats', expected: '3' };
    const counts = itemsOf([create(QuestionSchema, { id: 'q', text: 'Three boats?', openCount })]);
    const ofThings = [...controls, ...controls.map((_, seed) => controlFor(counts, String(seed)))].filter(
      ({ text }) => /^(Can|How many|Is there an? (?!label))/.test(text),
    );
    expect(ofThings.length).toBeGreaterThan(450);
    for (const { text } of ofThings) {
      const named = text.match(new RegExp(`\\b(${colours})\\b`, 'g')) ?? [];
      expect(new Set(named).size).toBe(2);
    }
  });

  test('ask for a number where nothing else is asked for', () => {
    const openCount = { of: 'pears', expected: '3' };
    const counts = itemsOf([create(QuestionSchema, { id: 'q', text: 'Three pears?', openCount })]);
    expect(controlFor(counts, 'a')).toMatchObject({
      form: 'count',
      text: expect.stringMatching(/^How many /),
    });
    expect(controlFor([...counts, ...items], 'a').form).toBe('yes_no');
  });
});
