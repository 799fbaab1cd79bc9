import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage } from '../../src/checks/index.ts';
import {
  bottle,
  carrot,
  circle,
  clutter,
  draw,
  lettering,
  rectangle,
  shadedBall,
  softShadow,
  withNoise,
} from './draw.ts';
import { judge } from './judge.ts';

const gradient = `<linearGradient id="g" x2="1" y2="1"><stop stop-color="#357"/><stop offset="1" stop-color="#fed"/></linearGradient>
  ${rectangle(0, 0, 512, 512, 'url(#g)')}`;

describe('not_blank', () => {
  const cases: [string, () => Promise<Buffer>, 'PASS' | 'FAIL'][] = [
    ['white', () => draw(''), 'FAIL'],
    ['black', () => draw('', '#000'), 'FAIL'],
    ['transparent', () => draw('', 'none'), 'FAIL'],
    ['an even gradient', () => draw(gradient), 'FAIL'],
    ['white with faint noise', async () => withNoise(await draw('', '#eee'), 6, 1), 'FAIL'],
    ['a few specks', () => draw(circle(100, 100, 4, '#000')), 'FAIL'],
    ['a small object', () => draw(circle(100, 100, 26, '#c33')), 'PASS'],
    ['a ball before a gradient', () => draw(gradient + circle(256, 256, 60, '#c33')), 'PASS'],
    ['a shape that fills the frame', () => draw(rectangle(0, 0, 256, 512, '#c33')), 'PASS'],
    ['a one-coloured cut-out', () => draw(circle(256, 256, 100, '#c33'), 'none'), 'PASS'],
    ['a busy scene', () => draw(clutter(1)), 'PASS'],
    ['text', () => draw(lettering('Hello', 60, 280, 90, '#222')), 'PASS'],
  ];
  test.each(cases)('%s', async (_, bytes, verdict) => {
    const result = await judge('not_blank', {}, await decodeImage(await bytes()));
    expect(result.verdict).toBe(verdict);
  });
});

describe('sharpness', () => {
  const scenes: [string, string][] = [
    ['a bottle', bottle(512, 512, '#276', 2)],
    ['a carrot', carrot(512, 512, 2.4)],
    [
      'a shaded ball with a shadow',
      softShadow(512, 730, 240, 50, 28) + shadedBall(512, 512, 200, '#ff8a80', '#8b0000'),
    ],
    ['lettering', lettering('Fresh apples', 90, 540, 130, '#222')],
    ['clutter', clutter(2, 1024, 1024)],
    ['a pale ball', circle(512, 512, 200, '#ccc')],
  ];
  test.each(scenes)('%s is sharp as drawn and blurred with sigma 5', async (_, body) => {
    const drawn = await draw(body, '#fff', 1024);
    const sharpResult = await judge('sharpness', {}, await decodeImage(drawn));
    expect(sharpResult.verdict).toBe('PASS');
    const blurred = await judge('sharpness', {}, await decodeImage(await sharp(drawn).blur(5).toBuffer()));
    expect(blurred.verdict).toBe('FAIL');
    expect(blurred.critique).toContain('sharp focus');
  });

  test('falls steadily with blur, whatever the contrast', async () => {
    for (const fill of ['#222', '#ccc']) {
      const drawn = await draw(circle(512, 512, 220, fill), '#fff', 1024);
      const p: number[] = [];
      for (const sigma of [0.5, 1, 1.5, 2, 2.5, 3, 4, 6]) {
        const image = await decodeImage(await sharp(drawn).blur(sigma).toBuffer());
        p.push((await judge('sharpness', {}, image)).pYes);
      }
      expect(p).toEqual([...p].sort((a, b) => b - a));
      expect(p[0]).toBeGreaterThan(0.9);
      expect(p.at(-1)).toBeLessThan(0.05);
    }
  });

  test('a sharp subject before a blurred background is in focus', async () => {
    const behind = await sharp(await draw(clutter(4, 1024, 1024), '#fff', 1024))
      .blur(14)
      .toBuffer();
    const image = await sharp(behind)
      .composite([{ input: await draw(bottle(512, 512, '#276', 2.6), 'none', 1024) }])
      .png()
      .toBuffer();
    expect((await judge('sharpness', {}, await decodeImage(image))).verdict).toBe('PASS');
  });

  test('compression and noise do not pass for blur or focus', async () => {
    const drawn = await draw(bottle(512, 512, '#276', 2), '#fff', 1024);
    const jpeg = await decodeImage(await sharp(drawn).jpeg({ quality: 60 }).toBuffer());
    expect((await judge('sharpness', {}, jpeg)).verdict).toBe('PASS');
    const noisyBlur = await withNoise(await sharp(drawn).blur(7).toBuffer(), 8, 3);
    expect((await judge('sharpness', {}, await decodeImage(noisyBlur))).verdict).not.toBe('PASS');
  });

  test('a blank picture is not sharp', async () => {
    expect((await judge('sharpness', {}, await decodeImage(await draw('', '#fff', 1024)))).verdict).toBe(
      'FAIL',
    );
  });
});
