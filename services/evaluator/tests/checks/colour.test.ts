import { describe, expect, test } from '@jest/globals';
import { bottle, carrot, circle, clutter, picture, rectangle, shadedBall, softShadow } from './draw.ts';
import { judge } from './judge.ts';

const ball = shadedBall(256, 256, 100, '#ff8a80', '#8b0000');
const wallAndFloor = rectangle(0, 320, 512, 192, '#7a4a26');
const gradient = (from: string, to: string) =>
  `<linearGradient id="g" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>
   ${rectangle(0, 0, 512, 512, 'url(#g)')}`;
const planks = Array.from({ length: 13 }, (_, i) =>
  rectangle(0, i * 40, 512, 36, i % 3 === 0 ? '#8a5a30' : i % 3 === 1 ? '#6b4423' : '#a5744a'),
).join('');

describe('background_colour', () => {
  type Case = [title: string, ground: string, body: string, colour: string, verdict: 'PASS' | 'FAIL'];
  const cases: Case[] = [
    ['white is white', '#ffffff', ball, 'white', 'PASS'],
    ['nearly white is white', '#f7f7f5', ball, 'white', 'PASS'],
    ['a soft shadow leaves it white', '#ffffff', softShadow(256, 370, 120, 24, 12) + ball, 'white', 'PASS'],
    ['light grey is not white', '#d3d3d3', ball, 'white', 'FAIL'],
    ['light grey is light grey', '#d8d8d8', ball, 'light gray', 'PASS'],
    ['cream is cream', '#faf0d2', ball, 'cream', 'PASS'],
    ['cream is not white', '#f8e8c0', ball, 'white', 'FAIL'],
    ['beige is beige', '#ead9bb', ball, 'beige', 'PASS'],
    ['pale blue is light blue', '#b4d8ee', ball, 'light blue', 'PASS'],
    ['pink is not light blue', '#ffc0cb', ball, 'light blue', 'FAIL'],
    ['black is black', '#0a0a0a', ball, 'black', 'PASS'],
    ['charcoal is not white', '#333333', ball, 'white', 'FAIL'],
    ['mint is mint', '#b9ecd9', ball, 'mint', 'PASS'],
    ['a hex value', '#2f80ed', ball, '#3082ea', 'PASS'],
    ['another hex value', '#2f80ed', ball, '#30c0a0', 'FAIL'],
    ['the subject does not count', '#ffffff', rectangle(90, 90, 340, 340, '#c33'), 'red', 'FAIL'],
    ['a subject that the edge cuts', '#ffffff', circle(256, 500, 150, '#c33'), 'white', 'PASS'],
    ['a slight gradient', '#fff', gradient('#ffffff', '#f0f0f0') + ball, 'white', 'PASS'],
    ['a strong gradient', '#fff', gradient('#ffffff', '#6080a0') + ball, 'white', 'FAIL'],
    ['a wall and a floor', '#ffffff', wallAndFloor + bottle(256, 250, '#276'), 'white', 'FAIL'],
    ['clutter', '#ffffff', clutter(3) + ball, 'white', 'FAIL'],
    ['planks', '#ffffff', planks + ball, 'brown', 'FAIL'],
  ];
  test.each(cases)('%s', async (_, ground, body, colour, verdict) => {
    const result = await judge('background_colour', { colour }, await picture(body, ground));
    expect(result.verdict).toBe(verdict);
    if (verdict === 'FAIL') expect(result.critique).toMatch(/ask for a plain, even/);
  });

  test('asks for plainness alone', async () => {
    expect((await judge('background_colour', {}, await picture(ball, '#39c'))).verdict).toBe('PASS');
    const busy = await judge('background_colour', {}, await picture(clutter(9) + ball));
    expect(busy.verdict).toBe('FAIL');
    expect(busy.critique).toContain('busy');
    expect((await judge('background_colour', {}, await picture(wallAndFloor))).verdict).toBe('FAIL');
  });

  test('knows transparency from white', async () => {
    const cut = await picture(ball, 'none');
    expect((await judge('background_colour', { colour: 'transparent' }, cut)).verdict).toBe('PASS');
    expect((await judge('background_colour', { colour: 'white' }, cut)).verdict).toBe('FAIL');
    const white = await picture(ball);
    expect((await judge('background_colour', { colour: 'transparent' }, white)).verdict).toBe('FAIL');
  });

  test('is uncertain at the tolerance and monotone in the distance from the colour', async () => {
    const p: number[] = [];
    const verdicts = new Set<string>();
    for (let level = 255; level >= 199; level -= 7) {
      const hex = `#${level.toString(16).repeat(3)}`;
      const result = await judge('background_colour', { colour: 'white' }, await picture(ball, hex));
      p.push(result.pYes);
      verdicts.add(result.verdict);
    }
    expect(p).toEqual([...p].sort((a, b) => b - a));
    expect(verdicts).toEqual(new Set(['PASS', 'UNCERTAIN', 'FAIL']));
  });
});

describe('dominant_colour', () => {
  type Case = [title: string, body: string, ground: string, colour: string, verdict: 'PASS' | 'FAIL'];
  const cases: Case[] = [
    ['a shaded red ball is red', ball, '#ffffff', 'red', 'PASS'],
    ['on blue it is red too', ball, '#4a90e2', 'red', 'PASS'],
    ['and not blue', ball, '#4a90e2', 'blue', 'FAIL'],
    ['nor green', ball, '#ffffff', 'green', 'FAIL'],
    ['nor white', ball, '#ffffff', 'white', 'FAIL'],
    ['a carrot is orange', carrot(256, 270), '#ffffff', 'orange', 'PASS'],
    ['and not mainly green', carrot(256, 270), '#ffffff', 'green', 'FAIL'],
    [
      'a shaded lemon is yellow',
      shadedBall(256, 256, 110, '#fff59d', '#d4a80e'),
      '#ffffff',
      'yellow',
      'PASS',
    ],
    ['and not orange', shadedBall(256, 256, 110, '#fff59d', '#d4c00e'), '#ffffff', 'orange', 'FAIL'],
    ['a lime is green', shadedBall(256, 256, 110, '#a5d66a', '#3d7a1c'), '#ffffff', 'green', 'PASS'],
    ['a plum is purple', shadedBall(256, 256, 110, '#9b59b6', '#4a1d63'), '#ffffff', 'purple', 'PASS'],
    ['a brown loaf is brown', shadedBall(256, 256, 110, '#b5793f', '#5c3a1e'), '#ffffff', 'brown', 'PASS'],
    [
      'a white egg on grey is white',
      shadedBall(256, 256, 110, '#ffffff', '#efefef'),
      '#777777',
      'white',
      'PASS',
    ],
    ['a grey pan is grey', shadedBall(256, 256, 110, '#b8b8b8', '#6a6a6a'), '#ffffff', 'grey', 'PASS'],
    ['a grey pan is not blue', shadedBall(256, 256, 110, '#b8b8b8', '#6a6a6a'), '#ffffff', 'blue', 'FAIL'],
    ['by hex value', circle(256, 256, 100, '#1f7a8c'), '#ffffff', '#1f7a8c', 'PASS'],
  ];
  test.each(cases)('%s', async (_, body, ground, colour, verdict) => {
    const result = await judge('dominant_colour', { colour }, await picture(body, ground));
    expect({ verdict: result.verdict, share: result.measured }).toMatchObject({ verdict });
    if (verdict === 'FAIL') expect(result.critique).toContain(`ask for a ${colour} subject`);
  });

  test('is monotone in the share of the colour, with doubt at the limit', async () => {
    const verdicts: string[] = [];
    const p: number[] = [];
    for (let width = 0; width <= 200; width += 20) {
      const body = rectangle(156, 156, 200, 200, '#1976d2') + rectangle(156, 156, width, 200, '#d32f2f');
      const result = await judge('dominant_colour', { colour: 'red', min_share: 0.5 }, await picture(body));
      p.push(result.pYes);
      verdicts.push(result.verdict);
    }
    expect(p).toEqual([...p].sort((a, b) => a - b));
    expect(new Set(verdicts)).toEqual(new Set(['FAIL', 'UNCERTAIN', 'PASS']));
  });

  test('without a subject it is a no, before clutter it cannot judge', async () => {
    expect((await judge('dominant_colour', { colour: 'white' }, await picture(''))).verdict).toBe('FAIL');
    expect((await judge('dominant_colour', { colour: 'red' }, await picture(clutter(2)))).verdict).toBe(
      'CANNOT_JUDGE',
    );
  });
});
