import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage } from '../../src/checks/index.ts';
import { circle, draw, picture, rectangle, softShadow } from './draw.ts';
import { judge } from './judge.ts';

const dot = circle(40, 40, 20, '#c33');

describe('minimum_size', () => {
  const cases: [Record<string, unknown>, 'PASS' | 'FAIL'][] = [
    [{ width: 800 }, 'PASS'],
    [{ width: 801 }, 'FAIL'],
    [{ height: 600 }, 'PASS'],
    [{ height: '601' }, 'FAIL'],
    [{ short_side: 600 }, 'PASS'],
    [{ short_side: 640 }, 'FAIL'],
    [{ long_side: 800, short_side: 500 }, 'PASS'],
    [{ long_side: 800, short_side: 700 }, 'FAIL'],
  ];
  test.each(cases)('of 800 x 600 with %j: %s', async (params, verdict) => {
    const result = await judge('minimum_size', params, await picture(dot, '#fff', 800, 600));
    expect(result.verdict).toBe(verdict);
    expect(result.measured).toEqual({ width_px: 800, height_px: 600 });
    expect(result.critique === '').toBe(verdict === 'PASS');
  });
});

describe('aspect_ratio', () => {
  const cases: [number, number, Record<string, unknown>, 'PASS' | 'FAIL'][] = [
    [1600, 900, { ratio: '16:9' }, 'PASS'],
    [1344, 768, { ratio: '16:9' }, 'PASS'],
    [1344, 768, { ratio: '16:9', tolerance: 0.01 }, 'FAIL'],
    [1024, 1024, { ratio: '1:1' }, 'PASS'],
    [1024, 1000, { ratio: '1' }, 'FAIL'],
    [768, 1024, { ratio: '3/4' }, 'PASS'],
    [1024, 768, { ratio: '3:4' }, 'FAIL'],
    [900, 600, { ratio: 1.5 }, 'PASS'],
  ];
  test.each(cases)('of %d x %d with %j: %s', async (width, height, params, verdict) => {
    const result = await judge('aspect_ratio', params, await picture(dot, '#fff', width, height));
    expect(result.verdict).toBe(verdict);
    if (verdict === 'FAIL') expect(result.critique).toContain('aspect ratio');
  });
});

describe('format', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('%s is told by its bytes', async (format) => {
    const image = await decodeImage(
      await sharp(await draw(dot))
        .toFormat(format)
        .toBuffer(),
    );
    expect(await judge('format', { formats: [format] }, image)).toMatchObject({ verdict: 'PASS', pYes: 1 });
    const other = format === 'png' ? 'jpg' : 'png, gif';
    const result = await judge('format', { formats: other }, image);
    expect(result).toMatchObject({ verdict: 'FAIL', measured: { format } });
    expect(result.critique).toContain('output format');
  });
});

describe('transparency', () => {
  const subject = circle(256, 256, 120, '#c33');
  const checkerboard = Array.from({ length: 256 }, (_, i) =>
    (i + (i >> 4)) % 2 ? rectangle((i % 16) * 32, (i >> 4) * 32, 32, 32, '#ccc') : '',
  ).join('');
  const cases: [string, Promise<Buffer>, 'PASS' | 'FAIL', 'PASS' | 'FAIL'][] = [
    ['a cut-out', draw(subject, 'none'), 'PASS', 'FAIL'],
    [
      'a cut-out with a soft shadow',
      draw(softShadow(256, 390, 100, 20, 10) + subject, 'none'),
      'PASS',
      'FAIL',
    ],
    ['an opaque picture', draw(subject), 'FAIL', 'PASS'],
    [
      'an alpha channel that is opaque',
      draw(subject).then((png) => sharp(png).ensureAlpha().png().toBuffer()),
      'FAIL',
      'PASS',
    ],
    ['a painted checkerboard', draw(checkerboard + subject), 'FAIL', 'PASS'],
    ['nothing at all', draw('', 'none'), 'FAIL', 'FAIL'],
    [
      'a hole in an opaque picture',
      draw(`<path fill-rule="evenodd" d="M0 0H512V512H0Z M200 200H300V300H200Z" fill="#fff"/>`, 'none'),
      'FAIL',
      'FAIL',
    ],
  ];
  test.each(cases)('%s', async (_, bytes, transparent, opaque) => {
    const image = await decodeImage(await bytes);
    expect((await judge('transparency', {}, image)).verdict).toBe(transparent);
    expect((await judge('transparency', { expect: 'opaque' }, image)).verdict).toBe(opaque);
  });
});
