import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage } from '../../src/checks/index.ts';
import {
  bottle,
  carrot,
  circle,
  clutter,
  draw,
  picture,
  rectangle,
  shadedBall,
  softShadow,
  withNoise,
} from './draw.ts';
import { judge } from './judge.ts';

const apple = (x: number, y: number, r = 80) => shadedBall(x, y, r, '#ff8a80', '#8b0000');
const row = (n: number, y = 256) =>
  Array.from({ length: n }, (_, i) => apple(60 + (i * 392) / Math.max(1, n - 1), y, 34)).join('');
const gradient = (from: string, to: string) =>
  `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>
   ${rectangle(0, 0, 512, 512, 'url(#sky)')}`;
const vignette = `<radialGradient id="vignette" r=".75"><stop stop-color="#fff"/><stop offset="1" stop-color="#889"/></radialGradient>
   ${rectangle(0, 0, 512, 512, 'url(#vignette)')}`;

describe('object_count sees', () => {
  type Case = [title: string, truth: number, body: string, ground?: string];
  const cases: Case[] = [
    ['one flat circle', 1, circle(256, 256, 100, '#c33')],
    [
      'three circles of three colours',
      3,
      circle(90, 256, 60, '#c33') + circle(256, 256, 60, '#3a3') + circle(420, 256, 60, '#33c'),
    ],
    ['five balls in a row', 5, row(5)],
    ['twelve balls in two rows', 12, row(6, 150) + row(6, 360)],
    ['a ball with a soft shadow as one', 1, softShadow(256, 360, 120, 25, 14) + apple(256, 256, 100)],
    ['a ball with a tight shadow as one', 1, softShadow(256, 356, 120, 22, 5) + apple(256, 256, 100)],
    [
      'two balls whose soft shadows meet as two',
      2,
      softShadow(150, 340, 110, 20, 10) +
        softShadow(370, 340, 110, 20, 10) +
        apple(150, 256) +
        apple(370, 256),
    ],
    [
      'two balls on one drawn shadow as two',
      2,
      '<ellipse cx="256" cy="350" rx="220" ry="20" opacity=".25"/>' +
        apple(150, 266, 90) +
        apple(362, 266, 90),
    ],
    [
      'a floating ball over a drawn shadow as one',
      1,
      `<ellipse cx="256" cy="430" rx="100" ry="16" opacity=".15"/>${apple(256, 230, 100)}`,
    ],
    ['two carrots with green leaves as two', 2, carrot(150, 270, 0.9) + carrot(360, 270, 0.9)],
    ['a bottle with cap and label as one', 1, bottle(256, 256, '#2a7')],
    ['a nearly white bottle on white as one', 1, bottle(256, 256, '#f2f2f2')],
    [
      'a white egg on white as one',
      1,
      softShadow(256, 360, 100, 20, 12) + shadedBall(256, 256, 100, '#ffffff', '#d8d0c8'),
    ],
    [
      'a cup with a handle as one',
      1,
      '<circle cx="340" cy="256" r="50" fill="none" stroke="#468" stroke-width="16"/>' +
        rectangle(180, 180, 150, 160, '#468'),
    ],
    ['a ball before a gradient', 1, gradient('#204080', '#ffffff') + apple(256, 256)],
    ['a ball before a vignette', 1, vignette + apple(256, 256)],
    [
      'a bottle on a floor before a wall',
      1,
      rectangle(0, 330, 512, 182, '#b08050') + softShadow(256, 385, 90, 16, 8) + bottle(256, 240, '#276'),
      '#dfe6ea',
    ],
    ['a ball that the edge cuts', 1, apple(256, 490, 140)],
    [
      'grey balls on black',
      2,
      shadedBall(150, 256, 80, '#ddd', '#777') + shadedBall(370, 256, 80, '#ddd', '#777'),
      '#101010',
    ],
    ['a cut-out with a shadow', 1, softShadow(256, 360, 120, 25, 14) + apple(256, 256, 100), 'none'],
  ];
  test.each(cases)('%s', async (...[, truth, body, ground]: Case) => {
    const image = await picture(body, ground);
    const right = await judge('object_count', { count: truth }, image);
    expect({ verdict: right.verdict, count: right.measured.count }).toEqual({
      verdict: 'PASS',
      count: truth,
    });
    expect(right.critique).toBe('');
    for (const wrong of [truth - 1, truth + 1]) {
      const result = await judge('object_count', { count: wrong }, image);
      expect(result.verdict).toBe('FAIL');
      expect(result.critique).toContain(`exactly ${wrong}`);
    }
  });

  test('the same through JPEG compression and through noise', async () => {
    const drawn = await draw(apple(150, 256) + apple(370, 256));
    const jpeg = await decodeImage(await sharp(drawn).jpeg({ quality: 55 }).toBuffer());
    const noisy = await decodeImage(await withNoise(drawn, 24, 11));
    for (const image of [jpeg, noisy]) {
      expect((await judge('object_count', { count: 2 }, image)).verdict).toBe('PASS');
    }
  });
});

describe('object_count does not guess', () => {
  test.each([1, 2, 3, 4])('before clutter (seed %d) it cannot judge', async (seed) => {
    const image = await picture(clutter(seed) + apple(256, 256, 120));
    const result = await judge('object_count', { count: 1 }, image);
    expect(result.verdict).toBe('CANNOT_JUDGE');
    expect(result.pYes).toBe(0.5);
    expect(result.critique).toContain('plain background');
  });

  test('strong noise and stripes are no ground to count on', async () => {
    const noise = await decodeImage(await withNoise(await draw(apple(256, 256), '#888'), 160, 5));
    const stripes = await picture(
      Array.from({ length: 16 }, (_, i) => rectangle(i * 32, 0, 16, 512, '#d66')).join('') + apple(256, 256),
    );
    for (const image of [noise, stripes]) {
      expect((await judge('object_count', { count: 1 }, image)).verdict).toBe('CANNOT_JUDGE');
    }
  });

  test('things that touch may be one or several', async () => {
    const image = await picture(circle(180, 256, 80, '#c33') + circle(330, 256, 80, '#c93'));
    for (const count of [1, 2]) {
      const result = await judge('object_count', { count }, image);
      expect(result.verdict).toBe('UNCERTAIN');
      expect(result.critique).toContain('touch');
    }
    expect((await judge('object_count', { count: 3 }, image)).verdict).toBe('FAIL');
  });
});

test('object_count leaves out what is too small to count', async () => {
  const image = await picture(circle(200, 256, 90, '#c33') + circle(400, 256, 9, '#c33'));
  expect((await judge('object_count', { count: 1 }, image)).measured.count).toBe(1);
  const equal = await picture(circle(200, 256, 20, '#c33') + circle(400, 256, 20, '#c33'));
  expect((await judge('object_count', { count: 2, min_area_share: 0.002 }, equal)).verdict).toBe('PASS');
  expect((await judge('object_count', { count: 0, min_area_share: 0.05 }, equal)).verdict).toBe('PASS');
});

test('object_count takes a range, and is monotone in the distance from it', async () => {
  const image = await picture(row(4));
  expect((await judge('object_count', { min: 3, max: 5 }, image)).verdict).toBe('PASS');
  expect((await judge('object_count', { min: 2 }, image)).verdict).toBe('PASS');
  expect((await judge('object_count', { max: 3 }, image)).critique).toContain('at most 3');
  const p = await Promise.all(
    [4, 5, 6, 8, 12].map(async (count) => (await judge('object_count', { count }, image)).pYes),
  );
  expect(p).toEqual([...p].sort((a, b) => b - a));
  expect(new Set(p).size).toBe(p.length);
});
