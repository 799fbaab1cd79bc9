import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { oval } from '../ink.ts';

export const BAKERY: Drawings = {
  bread: {
    width: 128,
    height: 84,
    colours: ['#c98a45', '#bd7d3a'],
    size: 1.4,
    draw: (ink, colour) =>
      ink.body(
        'M14 82.500C6 82 8 70 8 54C0 48 0 28 12 16C26 2 46 1.500 64 1.500C82 1.500 102 2 116 16C128 28 128 48 120 54C120 70 122 82 114 82.500z',
        colour,
        'sheet',
      ) +
      [
        [34, 10],
        [58, 7],
        [82, 10],
      ]
        .map(([x = 0, y = 0]) =>
          ink.detail(
            `M${x} ${y}C${x + 12} ${y + 6} ${x + 14} ${y + 20} ${x + 10} ${y + 30}C${x + 4} ${y + 22} ${x - 2} ${y + 14} ${x} ${y}z`,
            lighten(colour, 0.55),
          ),
        )
        .join('') +
      ink.stroke('M14 54C40 60 88 60 114 54', darken(colour, 0.22), 2, 0.7) +
      ink.gloss('M12 36C12 26 18 18 27 13C22 20 19 28 18 37C17 41 12 40 12 36z', 0.3),
  },
  baguette: {
    width: 150,
    height: 46,
    colours: ['#cf9246', '#c5853b'],
    size: 1.5,
    draw: (ink, colour) =>
      ink.body(
        'M2 32C0 22 12 14 34 9C70 1 110 -1 134 4C148 8 150.500 18 144 25C134 34 96 42 60 44C28 46 4 44 2 32z',
        colour,
        'sheet',
      ) +
      [22, 46, 70, 94, 118]
        .map((x) =>
          ink.detail(
            `M${x} ${32 - x * 0.1}C${x + 6} ${22 - x * 0.1} ${x + 14} ${16 - x * 0.06} ${x + 20} ${15 - x * 0.06}C${x + 18} ${24 - x * 0.06} ${x + 10} ${32 - x * 0.1} ${x} ${32 - x * 0.1}z`,
            lighten(colour, 0.5),
          ),
        )
        .join(''),
  },
  croissant: {
    width: 128,
    height: 82,
    colours: ['#d99a48', '#cf8d3b'],
    size: 1.05,
    draw: (ink, colour) =>
      ink.body('M3 76C0 50 8 28 28 16L46 34C34 44 24 60 20 78C14 82 5 82 3 76z', colour, 'sheet') +
      ink.body(
        'M125 76C128 50 120 28 100 16L82 34C94 44 104 60 108 78C114 82 123 82 125 76z',
        colour,
        'sheet',
      ) +
      ink.body('M22 20C30 8 40 4 50 3L58 32C50 33 42 37 36 43z', lighten(colour, 0.08), 'sheet') +
      ink.body('M106 20C98 8 88 4 78 3L70 32C78 33 86 37 92 43z', lighten(colour, 0.08), 'sheet') +
      ink.body('M46 4C56 0.500 72 0.500 82 4L75 38C68 35 60 35 53 38z', lighten(colour, 0.14), 'sheet') +
      ink.stroke(
        'M12 56C16 46 20 40 26 34M116 56C112 46 108 40 102 34M60 8L61 32M68 8L67 32',
        darken(colour, 0.22),
        1.6,
        0.8,
      ),
  },
  cheese: {
    width: 122,
    height: 86,
    colours: ['#f6c945', '#f2be38'],
    size: 1.05,
    draw: (ink, colour) =>
      ink.body('M2 40L84 2C106 6 120.500 20 120.500 40z', lighten(colour, 0.25), 'sheet') +
      ink.body('M2 40H120.500V82C120.500 84 119 84.500 117 84.500H5C3 84.500 2 84 2 82z', colour, 'sheet') +
      [
        [24, 58, 8, 7],
        [54, 70, 10, 8],
        [84, 54, 9, 8],
        [106, 72, 7, 7],
        [40, 46, 4, 3.5],
        [66, 50, 4, 4],
      ]
        .map(([x = 0, y = 0, rx = 0, ry = 0]) => ink.detail(oval(x, y, rx, ry), darken(colour, 0.2)))
        .join('') +
      ink.detail(oval(78, 22, 10, 5), darken(colour, 0.1)),
  },
  egg: {
    width: 74,
    height: 94,
    colours: ['#f3e3cd', '#e3b98f', '#f7f1e7'],
    size: 0.7,
    draw: (ink, colour) =>
      ink.body(
        'M37 1.500C56 1.500 72.500 34 72.500 58C72.500 78 57 92.500 37 92.500C17 92.500 1.500 78 1.500 58C1.500 34 18 1.500 37 1.500z',
        colour,
        'round',
      ) + ink.gloss('M14 48C16 34 22 22 30 16C25 26 22 36 20.500 49C19 55 13 54 14 48z', 0.6),
  },
  cookie: {
    width: 98,
    height: 98,
    colours: ['#cf9a55', '#c48b46'],
    size: 0.85,
    draw: (ink, colour) =>
      ink.body(
        'M49 1.500C62 0 76 8 84 16C94 26 98 38 96.500 50C96 64 92 76 82 84C72 94 60 97 48 96.500C34 97 22 92 13 82C4 72 0.500 60 1.500 48C2 34 8 22 17 13C26 5 38 1.500 49 1.500z',
        colour,
        'round',
      ) +
      [
        [30, 28, 6],
        [58, 22, 5],
        [74, 44, 6.5],
        [50, 50, 6.5],
        [26, 58, 6],
        [64, 74, 6],
        [40, 78, 5],
        [80, 66, 3.5],
        [42, 36, 3],
      ]
        .map(([x = 0, y = 0, r = 0]) => ink.detail(oval(x, y, r, r * 0.9), '#4a2a18'))
        .join('') +
      ink.stroke('M38 18q4 3 7 0M64 58q4 3 7 0M20 44q3 3 6 0', darken(colour, 0.22), 1.5),
  },
  doughnut: {
    width: 104,
    height: 88,
    colours: ['#f28bb0', '#6b4027', '#f6d9a8'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(oval(52, 46, 50.5, 40.5), '#d69a54', 'round') +
      ink.body(
        'M52 5C82 5 99 24 99 42C99 52 92 56 86 52C82 62 72 58 68 66C62 72 54 64 48 68C40 72 34 64 28 60C20 64 6 56 5 42C6 22 24 5 52 5z',
        colour,
        'round',
        1.2,
      ) +
      ink.body(oval(52, 38, 15, 10), '#b97d3c', 'sheet', 1.2) +
      ink.detail(oval(52, 40, 11, 6.5), '#8f5c28') +
      [
        [24, 30, 1, '#ffffff'],
        [36, 18, -1, '#ffe14d'],
        [56, 14, 1, '#59c9f0'],
        [74, 24, -1, '#ffffff'],
        [84, 38, 1, '#ffe14d'],
        [72, 48, 1, '#59c9f0'],
        [30, 48, -1, '#59c9f0'],
        [16, 42, 1, '#ffe14d'],
        [52, 56, 1, '#ffffff'],
      ]
        .map(([x, y, slope, shade]) => ink.stroke(`M${x} ${y}l5 ${Number(slope) * 3}`, String(shade), 2.8))
        .join(''),
  },
  cupcake: {
    width: 90,
    height: 106,
    colours: ['#f49ac0', '#f7f0dc', '#9fd8e8'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(
        'M14 58H76L67 102C66.500 104 65 104.500 63 104.500H27C25 104.500 23.500 104 23 102z',
        '#c98d4e',
        'tube',
      ) +
      ink.stroke('M26 62L32 102M38 62L41 103M52 62L49 103M64 62L58 102', darken('#c98d4e', 0.25), 2) +
      ink.body(
        'M4 54C1 42 10 36 18 36C18 24 30 22 36 22C36 12 44 8 46 8C50 10 54 14 55 22C62 22 72 26 72 36C82 36 89 44 86 54C84 62 72 62 66 61H24C16 62 6 62 4 54z',
        colour,
        'round',
      ) +
      ink.stroke('M18 37C34 46 56 46 72 37M36 23C42 28 50 28 55 23', darken(colour, 0.18), 1.8) +
      ink.body(oval(46, 9, 7.5, 7.5), '#cf1f3a', 'round', 1.2),
  },
};
