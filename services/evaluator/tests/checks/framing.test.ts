import { describe, expect, test } from '@jest/globals';
import { bottle, carrot, circle, clutter, picture, rectangle, shadedBall, softShadow } from './draw.ts';
import { judge } from './judge.ts';

const ball = (x: number, y: number, r: number) => shadedBall(x, y, r, '#ff8a80', '#8b0000');

describe('subject_centred', () => {
  type Case = [title: string, body: string, params: Record<string, unknown>, verdict: 'PASS' | 'FAIL'];
  const cases: Case[] = [
    ['in the middle', ball(256, 256, 100), {}, 'PASS'],
    ['a little off', ball(275, 250, 100), {}, 'PASS'],
    ['to the left', ball(160, 256, 100), {}, 'FAIL'],
    ['to the left, where only height counts', ball(160, 256, 100), { axis: 'vertical' }, 'PASS'],
    ['too low', ball(256, 350, 100), {}, 'FAIL'],
    ['too low, where only width counts', ball(256, 350, 100), { axis: 'horizontal' }, 'PASS'],
    ['to the left, with a wide limit', ball(160, 256, 100), { max_offset: 0.3 }, 'PASS'],
    ['with a shadow that reaches right', softShadow(320, 350, 160, 20, 10) + ball(256, 256, 100), {}, 'PASS'],
    ['with a crumb in the corner', ball(256, 256, 100) + circle(480, 480, 14, '#852'), {}, 'PASS'],
    ['two things around the middle', carrot(150, 256, 0.8) + carrot(362, 256, 0.8), {}, 'PASS'],
    ['two things to one side', carrot(80, 256, 0.6) + carrot(220, 256, 0.6), {}, 'FAIL'],
    ['nothing at all', '', {}, 'FAIL'],
  ];
  test.each(cases)('%s', async (_, body, params, verdict) => {
    expect((await judge('subject_centred', params, await picture(body))).verdict).toBe(verdict);
  });

  test('says where the subject is', async () => {
    const result = await judge('subject_centred', {}, await picture(ball(380, 140, 80)));
    expect(result.critique).toContain('too far right and too high');
    expect(result.measured.offset_x_share).toBeCloseTo((380 - 256) / 512, 1);
  });

  test('is monotone in the offset, with doubt at the limit', async () => {
    const results = [];
    for (let x = 256; x <= 346; x += 10)
      results.push(await judge('subject_centred', {}, await picture(ball(x, 256, 80))));
    const p = results.map((result) => result.pYes);
    expect(p).toEqual([...p].sort((a, b) => b - a));
    expect(new Set(results.map((result) => result.verdict))).toEqual(new Set(['PASS', 'UNCERTAIN', 'FAIL']));
  });
});

describe('frame_share', () => {
  test.each([
    [0.1, 'box'],
    [0.3, 'box'],
    [0.6, 'box'],
    [0.1, 'area'],
    [0.4, 'area'],
    [0.5, 'side'],
    [0.8, 'side'],
  ] as const)('measures %d of the frame by %s', async (share, of) => {
    const side = of === 'side' ? 512 * share : 512 * Math.sqrt(share);
    const image = await picture(rectangle(256 - side / 2, 256 - side / 2, side, side, '#c33'));
    const result = await judge('frame_share', { min: share * 0.8, max: Math.min(1, share * 1.2), of }, image);
    expect(result.verdict).toBe('PASS');
    expect(Math.abs((result.measured.share as number) - share)).toBeLessThan(0.025);
    expect((await judge('frame_share', { min: Math.min(0.97, share * 1.3), of }, image)).verdict).toBe(
      'FAIL',
    );
    expect((await judge('frame_share', { min: 0, max: share * 0.7, of }, image)).verdict).toBe('FAIL');
  });

  test('says which way to go', async () => {
    const small = await judge('frame_share', {}, await picture(bottle(256, 256, '#276', 0.5)));
    expect(small.critique).toContain('closer view');
    const large = await judge('frame_share', { min: 0, max: 0.3 }, await picture(ball(256, 256, 240)));
    expect(large.critique).toContain('more space');
    const cut = await judge('frame_share', { min: 0, min_margin: 0.03 }, await picture(ball(256, 470, 100)));
    expect(cut).toMatchObject({ verdict: 'FAIL', measured: { margin_share: 0 } });
    expect(cut.critique).toContain('cut off');
    const free = await judge('frame_share', { min: 0, min_margin: 0.03 }, await picture(ball(256, 256, 100)));
    expect(free.verdict).toBe('PASS');
  });

  test('is monotone in the size', async () => {
    const p = [];
    for (let r = 60; r <= 140; r += 16) {
      p.push(
        (await judge('frame_share', { min: 0.15, max: 1 }, await picture(circle(256, 256, r, '#36c')))).pYes,
      );
    }
    expect(p).toEqual([...p].sort((a, b) => a - b));
    expect([p[0], p.at(-1)].map((x) => Math.round(x as number))).toEqual([0, 1]);
  });

  test('before clutter it cannot judge, on a blank picture it fails', async () => {
    expect((await judge('frame_share', {}, await picture(clutter(6)))).verdict).toBe('CANNOT_JUDGE');
    expect((await judge('frame_share', {}, await picture('', '#eee'))).verdict).toBe('FAIL');
  });
});
