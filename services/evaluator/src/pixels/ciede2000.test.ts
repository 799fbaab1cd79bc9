import { describe, expect, test } from '@jest/globals';
import { ciede2000 } from './ciede2000.ts';
import { type Lab, oklabToRgb, rgbaToOklab, rgbToLab } from './colour-space.ts';

describe('ciede2000', () => {
  // Pairs from the supplementary test data of Sharma, Wu and Dalal (2005).
  const published: [Lab, Lab, number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
    [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [58, 24, 15], 19.4535],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];
  test.each(published)('%j and %j differ by %d', (x, y, expected) => {
    expect(ciede2000(x, y)).toBeCloseTo(expected, 3);
    expect(ciede2000(y, x)).toBeCloseTo(expected, 3);
  });

  test('a larger lightness weight forgives a difference of lightness only', () => {
    expect(ciede2000([40, 60, 30], [60, 60, 30], 2)).toBeLessThan(ciede2000([40, 60, 30], [60, 60, 30]));
    expect(ciede2000([50, 60, 30], [50, 20, 30], 2)).toBe(ciede2000([50, 60, 30], [50, 20, 30]));
  });
});

describe('colour spaces', () => {
  test('white and black are the ends of both spaces', () => {
    expect(rgbToLab([255, 255, 255])[0]).toBeCloseTo(100, 3);
    expect(rgbToLab([0, 0, 0])[0]).toBeCloseTo(0, 3);
    expect(rgbaToOklab(Uint8Array.of(255, 255, 255, 255), 1)[0]).toBeCloseTo(100, 2);
  });

  test('OKLab returns to the sRGB it came from', () => {
    for (const rgb of [
      [255, 0, 0],
      [12, 200, 90],
      [30, 40, 250],
      [128, 128, 128],
    ] as const) {
      const [l, a, b] = rgbaToOklab(Uint8Array.of(...rgb, 255), 1);
      expect(oklabToRgb(l as number, a as number, b as number)).toEqual(rgb);
    }
  });
});
