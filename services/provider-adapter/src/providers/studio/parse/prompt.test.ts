import { describe, expect, test } from '@jest/globals';
import { parsePrompt } from './prompt.ts';
import type { PromptReading } from './reading.ts';

/** The reading without emphasis, in a form that a table row can state. */
function gist(reading: PromptReading): Record<string, unknown> {
  const entries = {
    subjects: reading.subjects.map((subject) => ({
      noun: subject.noun,
      ...(subject.count ? { count: subject.count.value } : {}),
      ...(subject.colours ? { colours: subject.colours.value } : {}),
      ...(subject.content ? { content: subject.content } : {}),
      ...(subject.container ? { container: subject.container } : {}),
      ...(subject.known ? {} : { known: false }),
    })),
    texts: reading.texts.map(({ lines, place }) => [lines.join('|'), place].filter(Boolean).join('@')),
    avoid: [...reading.avoid.keys()].sort(),
    background: reading.background?.value,
    ground: reading.backgroundColour?.value,
    transparent: reading.transparent?.value,
    lighting: reading.lighting?.value,
    position: reading.position?.value,
    fill: reading.fill?.value,
    shading: reading.shading?.value,
    focus: reading.focus?.value,
    total: reading.total?.value,
    colour: reading.subjectColour?.value,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

const RED = '#dc1f26';
const GREEN = '#2e9b3a';

const ROWS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['an apple', { subjects: [{ noun: 'apple', count: 1 }] }],
  ['apples', { subjects: [{ noun: 'apple' }] }],
  ['three red apples', { subjects: [{ noun: 'apple', count: 3, colours: [RED] }] }],
  ['3 apples', { subjects: [{ noun: 'apple', count: 3 }] }],
  ['a pair of shoes', { subjects: [{ noun: 'shoe', count: 2 }] }],
  ['a dozen eggs', { subjects: [{ noun: 'egg', count: 12 }] }],
  ['half a dozen eggs', { subjects: [{ noun: 'egg', count: 6 }] }],
  ['a single ripe banana', { subjects: [{ noun: 'banana', count: 1 }] }],
  ['several lemons', { subjects: [{ noun: 'lemon', count: 4 }] }],
  ['red and green apples', { subjects: [{ noun: 'apple', colours: [RED, GREEN] }] }],
  [
    'a red apple and a green apple',
    {
      subjects: [
        { noun: 'apple', count: 1, colours: [RED] },
        { noun: 'apple', count: 1, colours: [GREEN] },
      ],
    },
  ],
  [
    'two bananas and four lemons',
    {
      subjects: [
        { noun: 'banana', count: 2 },
        { noun: 'lemon', count: 4 },
      ],
    },
  ],
  ['an orange', { subjects: [{ noun: 'orange', count: 1 }] }],
  ['an orange mug', { subjects: [{ noun: 'mug', count: 1, colours: ['#ff8c00'] }] }],
  ['a light blue towel', { subjects: [{ noun: 'towel', count: 1, colours: ['#add8e6'] }] }],
  ['a kettle in #aa3366', { subjects: [{ noun: 'kettle', count: 1, colours: ['#aa3366'] }] }],
  ['a jar of honey', { subjects: [{ noun: 'jar', count: 1, content: 'honey' }] }],
  [
    'a loaf of bread and a milk carton',
    {
      subjects: [
        { noun: 'bread', count: 1 },
        { noun: 'carton', count: 1 },
      ],
    },
  ],
  ['a bowl of oranges', { subjects: [{ noun: 'bowl', count: 1, content: 'orange' }] }],
  ['three pears in a basket', { subjects: [{ noun: 'pear', count: 3, container: 'basket' }] }],
  ['a photo of a chrome stapler', { subjects: [{ noun: 'chrome stapler', count: 1, known: false }] }],
  [
    'product shot of two staplers on white',
    { subjects: [{ noun: 'stapler', count: 2, known: false }], ground: '#ffffff' },
  ],
  [
    'a lemon and a stapler',
    {
      subjects: [
        { noun: 'lemon', count: 1 },
        { noun: 'stapler', count: 1, known: false },
      ],
    },
  ],
  ['a category tile for fresh fruit', { subjects: [{ noun: 'fruit' }] }],
  ['a pear. Exactly one object.', { subjects: [{ noun: 'pear', count: 1 }], total: 1 }],
  ['some tomatoes. There must be exactly 3 objects.', { subjects: [{ noun: 'tomato', count: 3 }], total: 3 }],
  ['an apple. The apple must be green.', { subjects: [{ noun: 'apple', count: 1, colours: [GREEN] }] }],
  ['two pears. Show exactly five pears.', { subjects: [{ noun: 'pear', count: 5 }] }],
  ['a sofa. The dominant colour must be green.', { colour: GREEN }],
  ['on a plain white background', { background: 'plain', ground: '#ffffff' }],
  ['isolated on pure white', { background: 'plain', ground: '#ffffff', avoid: ['clutter'] }],
  ['background colour #f4efe6', { background: 'plain', ground: '#f4efe6' }],
  ['The background must be a plain, uniform #ffeedd', { background: 'plain', ground: '#ffeedd' }],
  ['background: light grey', { background: 'plain', ground: '#d3d3d3' }],
  ['three oranges on light blue background', { subjects: [{ noun: 'orange', count: 3 }], ground: '#add8e6' }],
  ['a mug on a rustic wooden table', { subjects: [{ noun: 'mug', count: 1 }], background: 'wood' }],
  ['a pan in a bright kitchen', { subjects: [{ noun: 'pan', count: 1 }], background: 'kitchen' }],
  ['a kitchen knife', { subjects: [{ noun: 'knife', count: 1 }] }],
  ['carrots at a farmers market', { subjects: [{ noun: 'carrot' }], background: 'market' }],
  ['a basket outdoors', { subjects: [{ noun: 'basket', count: 1 }], background: 'outdoor' }],
  ['a gradient background', { background: 'gradient' }],
  ['a kitchen scene. Plain white background.', { background: 'plain', ground: '#ffffff' }],
  ['transparent background', { transparent: true }],
  ['soft, even lighting', { lighting: 'soft' }],
  ['studio lighting', { lighting: 'studio' }],
  ['moody low-key lighting', { lighting: 'dramatic' }],
  ['backlit', { lighting: 'backlit' }],
  ['keep the subject centred', { position: 'centre' }],
  ['in the left third of the frame', { position: 'left' }],
  ['copy space on the right', { position: 'left' }],
  ['filling about 60% of the frame', { fill: 0.6 }],
  ['fill 50-70% of the frame', { fill: 0.6 }],
  ['the subject should occupy 40 to 60 percent of the image', { fill: 0.5 }],
  ['close-up', { fill: 0.66 }],
  ['wide shot with lots of negative space', { fill: 0.2 }],
  ['flat vector illustration of a pear', { shading: 'flat', subjects: [{ noun: 'pear', count: 1 }] }],
  ['photorealistic pear', { shading: 'shaded' }],
  ['sharp focus', { focus: 'sharp' }],
  ['no clutter', { avoid: ['clutter'] }],
  ['no other objects, no shadow', { avoid: ['clutter', 'shadow'] }],
  ['without text, logos or watermarks', { avoid: ['text'] }],
  [
    'an apple, not blurry, do not crop the subject',
    { avoid: ['blur', 'crop'], subjects: [{ noun: 'apple', count: 1 }] },
  ],
  ['an apple. Avoid: clutter, text, busy background.', { avoid: ['busy-background', 'clutter', 'text'] }],
  ['fruit on a plate, no bananas', { avoid: ['noun:banana'] }],
  ['nothing else in the frame', { avoid: ['clutter'] }],
  ['the text must read exactly "SUMMER SALE" in large letters at the top', { texts: ['SUMMER SALE@top'] }],
  [
    'a sign with “Fresh Bread” and "from 7 am" at the bottom',
    { texts: ['Fresh Bread@banner', 'from 7 am@bottom'] },
  ],
  ['a can with the label "SOUP"', { subjects: [{ noun: 'can', count: 1 }], texts: ['SOUP@label'] }],
  ['headline "BIG\\nDEALS"', { texts: ['BIG|DEALS@top'] }],
  ['it reads "SUMER SALE" but must read "SUMMER SALE"', { texts: ['SUMMER SALE'] }],
  ['"SUMER SALE" on top. The text must read "SUMMER SALE".', { texts: ['SUMMER SALE@top'] }],
  ['not "SALE"', { texts: [] }],
  ['the word FRESH across the top', { texts: ['FRESH@top'] }],
  ['"Three red apples" at the top', { subjects: [], texts: ['Three red apples@top'] }],
];

describe('parsePrompt', () => {
  test.each(ROWS)('%s', (prompt, expected) => {
    expect(gist(parsePrompt(prompt))).toMatchObject(expected);
  });

  test('reads a long refined prompt whole', () => {
    const reading = parsePrompt(
      'Exactly three red apples, centred, filling about 60% of the frame, on a plain white background, soft even lighting. Avoid: clutter, text.',
    );
    expect(gist(reading)).toEqual({
      subjects: [{ noun: 'apple', count: 3, colours: [RED] }],
      texts: [],
      avoid: ['clutter', 'text'],
      background: 'plain',
      ground: '#ffffff',
      lighting: 'soft',
      position: 'centre',
      fill: 0.6,
    });
  });

  test('emphasis and repetition count', () => {
    const once = parsePrompt('three apples on a white background');
    const strong = parsePrompt(
      'exactly three apples. It must show three apples. The background must be white.',
    );
    expect(once.subjects[0]?.count?.emphasis).toBe(0);
    expect(strong.subjects[0]?.count?.emphasis).toBeGreaterThan(1);
    expect(strong.backgroundColour?.emphasis).toBeGreaterThan(once.backgroundColour?.emphasis ?? 9);
  });

  test('a vague word does not undo a clear one', () => {
    expect(parsePrompt('exactly five pears. Some pears would be nice.').subjects[0]?.count?.value).toBe(5);
  });

  test('the negative prompt only rules out', () => {
    const reading = parsePrompt('a lemon', 'clutter, text, shadow, bananas', 'flat illustration');
    expect([...reading.avoid.keys()]).toEqual(['clutter', 'text', 'shadow', 'noun:banana']);
    expect(reading.subjects.map(({ noun }) => noun)).toEqual(['lemon']);
    expect(reading.shading?.value).toBe('flat');
  });

  test('survives anything', () => {
    for (const prompt of [
      '',
      '   ',
      '"',
      '"""',
      '§',
      '%%%',
      '\u0000',
      'a '.repeat(2000),
      '#'.repeat(500),
      '"'.repeat(501),
      'constructor toString __proto__',
    ]) {
      expect(parsePrompt(prompt, prompt, prompt).texts.every(({ lines }) => lines.length > 0)).toBe(true);
    }
  });
});

test('emphasis inside a quotation is only text', () => {
  expect(parsePrompt('"EVERYTHING MUST GO" at the top').texts[0]?.emphasis).toBe(0);
});
