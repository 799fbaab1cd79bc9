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
  picture,
  rectangle,
  shadedBall,
  softShadow,
} from './draw.ts';
import { judge } from './judge.ts';

const apple = (x: number, y: number, r: number) =>
  `${shadedBall(x, y, r, '#ff8a80', '#8b0000')}<path d="M${x} ${y - r} q6 -30 24 -40" stroke="#5a3a1e" stroke-width="9" fill="none"/>`;
const lime = (x: number, y: number, r: number) => shadedBall(x, y, r, '#a5d66a', '#3d7a1c');

const things: [string, string][] = [
  ['an apple', apple(256, 266, 120)],
  ['a lime', lime(256, 256, 120)],
  ['a carrot', carrot(256, 260, 1.2)],
  ['a green bottle', bottle(256, 256, '#276')],
  ['a blue bottle', bottle(256, 256, '#36c')],
  ['three apples', apple(110, 266, 60) + apple(256, 266, 60) + apple(400, 266, 60)],
  ['a scene', clutter(8)],
  ['a banner', rectangle(0, 180, 512, 150, '#c22') + lettering('Fresh apples', 50, 275, 56, '#fff')],
];

describe('duplicate_of', () => {
  test.each(things)('%s is a copy of itself, resized, recompressed and slightly toned', async (_, body) => {
    const drawn = await draw(body, '#fff', 1024, 1024);
    const reference = await decodeImage(drawn);
    const copies = [
      drawn,
      await sharp(drawn).resize(400).jpeg({ quality: 60 }).toBuffer(),
      await sharp(drawn).modulate({ brightness: 1.03 }).webp({ quality: 70 }).toBuffer(),
    ];
    for (const copy of copies) {
      const result = await judge('duplicate_of', {}, await decodeImage(copy), [reference]);
      expect(result).toMatchObject({ verdict: 'PASS', measured: { reference: 1 } });
      expect(result.finding).toContain('near copy');
    }
  });

  test('no thing is a copy of another', async () => {
    const images = await Promise.all(things.map(([, body]) => picture(body)));
    for (const [i, image] of images.entries()) {
      const others = images.filter((_, j) => j !== i);
      const result = await judge('duplicate_of', {}, image, others);
      expect({ thing: things[i]?.[0], verdict: result.verdict }).toEqual({
        thing: things[i]?.[0],
        verdict: 'FAIL',
      });
    }
  });

  test('the same thing elsewhere, mirrored or in another colour is no copy', async () => {
    const reference = await picture(carrot(200, 260, 1.2));
    const others = [
      await picture(carrot(320, 260, 1.2)),
      await picture(carrot(200, 260, 0.8)),
      await picture(carrot(200, 260, 1.2), '#ffd0e0'),
    ];
    for (const other of others)
      expect((await judge('duplicate_of', {}, other, [reference])).verdict).toBe('FAIL');
  });

  test('names the reference, or judges the one asked for', async () => {
    const [apples, limes] = [await picture(apple(256, 266, 120)), await picture(lime(256, 256, 120))];
    expect((await judge('duplicate_of', {}, limes, [apples, limes])).measured.reference).toBe(2);
    expect((await judge('duplicate_of', { reference: 1 }, limes, [apples, limes])).verdict).toBe('FAIL');
    expect((await judge('duplicate_of', { reference: 3 }, limes, [apples, limes])).verdict).toBe(
      'CANNOT_JUDGE',
    );
    expect((await judge('duplicate_of', {}, limes)).verdict).toBe('CANNOT_JUDGE');
  });

  test('a blank picture is a copy of a blank one only', async () => {
    const [white, black] = [await picture(''), await picture('', '#000')];
    expect((await judge('duplicate_of', {}, white, [await picture('', '#fefefe')])).verdict).toBe('PASS');
    expect((await judge('duplicate_of', {}, white, [black])).verdict).toBe('FAIL');
    expect((await judge('duplicate_of', {}, white, [await picture(apple(256, 266, 120))])).verdict).toBe(
      'FAIL',
    );
  });
});

describe('likeness', () => {
  const kinds: [string, (x: number, y: number, scale: number) => string][] = [
    ['an apple', (x, y, s) => apple(x, y, 110 * s)],
    ['a lime', (x, y, s) => lime(x, y, 110 * s)],
    ['a carrot', (x, y, s) => carrot(x, y, s)],
    ['a green bottle', (x, y, s) => bottle(x, y, '#276', s)],
  ];

  test.each(kinds)('%s elsewhere, at another size, on another ground is alike', async (_, thing) => {
    const reference = await picture(thing(256, 256, 1));
    const variants = [
      await picture(thing(200, 290, 0.8)),
      await picture(softShadow(256, 420, 110, 18, 10) + thing(256, 250, 1), '#dfe8f0'),
      await decodeImage(
        await sharp(await draw(thing(300, 250, 1.1), '#fff8e8'))
          .jpeg({ quality: 70 })
          .toBuffer(),
      ),
      await picture(thing(256, 256, 0.9), 'none'),
    ];
    for (const variant of variants) {
      const result = await judge('likeness', {}, variant, [reference]);
      expect({ verdict: result.verdict, measured: result.measured }).toMatchObject({ verdict: 'PASS' });
    }
  });

  test('different things are not alike', async () => {
    const images = await Promise.all(kinds.map(([, thing]) => picture(thing(256, 256, 1))));
    for (const [i, image] of images.entries()) {
      for (const [j, reference] of images.entries()) {
        if (i === j) continue;
        const result = await judge('likeness', {}, image, [reference]);
        expect({ i, j, verdict: result.verdict, m: result.measured }).toMatchObject({ verdict: 'FAIL' });
        expect(result.critique).toContain('reference');
      }
    }
  });

  test('the same bottle in another colour is told by its colours', async () => {
    const reference = await picture(bottle(256, 256, '#276'));
    const result = await judge('likeness', {}, await picture(bottle(256, 256, '#d32f2f')), [reference]);
    expect(result.verdict).toBe('FAIL');
    expect(result.critique).toContain('colours');
  });

  test('falls steadily as the colour moves away', async () => {
    const reference = await picture(circle(256, 256, 110, 'hsl(0,70%,50%)'));
    const p = [];
    for (const hue of [0, 8, 16, 24, 32, 40, 60]) {
      p.push(
        (
          await judge('likeness', {}, await picture(circle(256, 256, 110, `hsl(${hue},70%,50%)`)), [
            reference,
          ])
        ).pYes,
      );
    }
    expect(p).toEqual([...p].sort((a, b) => b - a));
  });

  test('what cannot be made out cannot be compared; a blank picture is not alike', async () => {
    const reference = await picture(apple(256, 266, 110));
    expect((await judge('likeness', {}, await picture(clutter(4)), [reference])).verdict).toBe(
      'CANNOT_JUDGE',
    );
    expect((await judge('likeness', {}, reference, [await picture(clutter(4))])).verdict).toBe(
      'CANNOT_JUDGE',
    );
    expect((await judge('likeness', {}, await picture(''), [reference])).verdict).toBe('FAIL');
    expect((await judge('likeness', {}, reference)).verdict).toBe('CANNOT_JUDGE');
    const scene = await picture(clutter(4));
    expect((await judge('likeness', {}, await picture(clutter(4)), [scene])).verdict).toBe('PASS');
  });
});
