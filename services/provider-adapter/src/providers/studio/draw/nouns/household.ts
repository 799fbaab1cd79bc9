import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { block, oval } from '../ink.ts';

const WOOD = '#b98149';

export const HOUSEHOLD: Drawings = {
  candle: {
    width: 54,
    height: 118,
    colours: ['#f4e7c8', '#e5b7b2', '#b9cfae'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.stroke('M27 46V34', '#3b2b20', 2.4) +
      ink.body(
        'M27 1.500C36 14 39 22 37 30C35 37 30 39 27 39C24 39 19 37 17 30C15 22 20 12 27 1.500z',
        '#f9a825',
        'sheet',
        1.2,
      ) +
      ink.detail(
        'M27 16C31 23 32 28 31 32C30 35 28 36 27 36C26 36 24 35 23 32C22 28 23 22 27 16z',
        '#fff3b0',
      ) +
      ink.body('M1.500 50C1.500 42 52.500 42 52.500 50V108C52.500 119 1.500 119 1.500 108z', colour, 'tube') +
      ink.body(oval(27, 50, 25.5, 7), lighten(colour, 0.3), 'flat', 1.2) +
      ink.detail('M10 54C10 64 9 70 12 76C15 72 16 62 16 55.500z', lighten(colour, 0.35)),
  },
  soap: {
    width: 116,
    height: 72,
    colours: ['#f3b6c6', '#bfe3c8', '#f7efdc'],
    size: 0.85,
    label: { x: 24, y: 22, width: 68, height: 24 },
    draw: (ink, colour) =>
      ink.body(
        'M18 10C38 1 78 1 98 10C110 16 114.500 28 114.500 40C114.500 56 104 64 92 67C70 71.500 46 71.500 24 67C12 64 1.500 56 1.500 40C1.500 28 6 16 18 10z',
        darken(colour, 0.14),
        'flat',
      ) +
      ink.body(
        'M18 8C38 0.500 78 0.500 98 8C110 14 114.500 24 114.500 34C114.500 48 104 56 92 58C70 62 46 62 24 58C12 56 1.500 48 1.500 34C1.500 24 6 14 18 8z',
        colour,
        'round',
      ) +
      ink.stroke(
        'M28 14C44 9 72 9 88 14C98 18 101 26 101 33C101 42 94 48 86 50C66 53 50 53 30 50C22 48 15 42 15 33C15 26 18 18 28 14z',
        darken(colour, 0.2),
        2,
      ) +
      ink.gloss('M18 22C24 14 36 11 46 11C36 14 28 19 24 27C22 30 15 28 18 22z', 0.6),
  },
  towel: {
    width: 118,
    height: 86,
    colours: ['#7fb7c9', '#e8cdb4', '#d98f8f'],
    size: 1.2,
    draw: (ink, colour) =>
      ink.body(
        'M10 58H112C118 58 118 84.500 112 84.500H10C-1 84.500 -1 58 10 58z',
        darken(colour, 0.12),
        'sheet',
      ) +
      ink.body('M10 30H112C118 30 118 58 112 58H10C-1 58 -1 30 10 30z', colour, 'sheet') +
      ink.body(
        'M10 1.500H112C118 1.500 118 30 112 30H10C-1 30 -1 1.500 10 1.500z',
        lighten(colour, 0.14),
        'sheet',
      ) +
      ink.detail(block(84, 2.5, 8, 26.5), lighten(colour, 0.55)) +
      ink.detail(block(84, 31, 8, 26), lighten(colour, 0.45)) +
      ink.detail(block(84, 59, 8, 25), lighten(colour, 0.4)) +
      ink.stroke('M8 16H76M8 44H76M8 71H76', darken(colour, 0.15), 1.6, 0.7),
  },
  broom: {
    width: 62,
    height: 150,
    colours: ['#e0b352', '#d9a441'],
    size: 1.8,
    draw: (ink, colour, { accent }) =>
      ink.rod('M31 5V96', WOOD, 6) +
      ink.body('M22 92H40L44 106H18z', accent, 'tube') +
      ink.body(
        'M18 106H44L60.500 146C60.500 149 58 148.500 56 148.500H6C4 148.500 1.500 149 1.500 146z',
        colour,
        'tube',
      ) +
      ink.stroke('M24 110L16 146M31 110V146M38 110L46 146M20 128H42', darken(colour, 0.28), 1.8),
  },
  brush: {
    width: 128,
    height: 52,
    colours: [WOOD, '#4a9ac0'],
    size: 1,
    draw: (ink, colour) =>
      ink.body(
        'M8 24H80L76 49C76 50.500 75 50.500 74 50.500H14C13 50.500 12 50.500 12 49z',
        '#efe6cf',
        'sheet',
      ) +
      ink.stroke('M20 28L21 48M30 28V48M40 28V48M50 28V48M60 28V48M69 28L68 48', '#bfae86', 2) +
      ink.body(
        'M8 10C20 1 66 1 82 8C96 12 112 6 122 8C128 10 128 20 122 22C108 26 94 22 82 26H8C0 26 0 14 8 10z',
        colour,
        'sheet',
      ) +
      ink.detail(oval(118, 15, 3), darken(colour, 0.4)),
  },
  sponge: {
    width: 112,
    height: 66,
    colours: ['#f5d442', '#f2a7b8'],
    size: 0.85,
    draw: (ink, colour) =>
      ink.body(block(1.5, 1.5, 109, 63, 9), colour, 'sheet') +
      ink.body(
        'M1.500 10.500C1.500 4 6 1.500 10.500 1.500H101.500C106 1.500 110.500 4 110.500 10.500V20H1.500z',
        '#4f9a52',
        'sheet',
      ) +
      [
        [18, 34, 5],
        [40, 46, 6],
        [62, 32, 4.5],
        [84, 44, 6],
        [100, 32, 3.5],
        [28, 54, 3.5],
        [70, 54, 4],
        [52, 56, 2.5],
        [96, 56, 3.5],
        [44, 30, 2.5],
      ]
        .map(([x = 0, y = 0, r = 0]) => ink.detail(oval(x, y, r, r * 0.8), darken(colour, 0.2)))
        .join(''),
  },
  bucket: {
    width: 98,
    height: 104,
    colours: ['#4a8fd0', '#d64b45', '#a9b2ba'],
    size: 1.4,
    draw: (ink, colour) =>
      ink.stroke('M6 34C14 -8 84 -8 92 34', '#7b848c', 3.2) +
      ink.body('M3 34C3 26 95 26 95 34L84 94C82 105 16 105 14 94z', colour, 'tube') +
      ink.body(oval(49, 34, 47.5, 9.5), lighten(colour, 0.25), 'flat') +
      ink.detail(oval(49, 35.5, 41, 6.5), darken(colour, 0.4)) +
      ink.stroke('M9 60C24 67 74 67 89 60', darken(colour, 0.2), 2.2),
  },
  basket: {
    width: 122,
    height: 98,
    colours: ['#c08a4a', '#b27c3e'],
    size: 1.6,
    draw: (ink, colour, { fill }) =>
      ink.rod('M16 44C22 -9 100 -9 106 44', colour, 6) +
      ink.body('M6 44H116L106 90C105 95 102 96.500 98 96.500H24C20 96.500 17 95 16 90z', colour, 'tube') +
      ink.stroke('M11 58H111M14 71H108M17 84H105', darken(colour, 0.3), 2.6) +
      ink.stroke('M26 48L32 94M44 48L46 94M61 48V94M78 48L76 94M96 48L90 94', darken(colour, 0.3), 2.6) +
      ink.body(block(1.5, 38, 119, 11, 5), lighten(colour, 0.15), 'sheet') +
      (fill ? ink.detail(block(8, 33, 106, 6, 3), fill) : ''),
  },
  shoe: {
    width: 136,
    height: 72,
    colours: ['#d8433f', '#3f6fb0', '#f0eee8'],
    size: 1.15,
    draw: (ink, colour, { accent }) =>
      ink.body(
        'M5 10C14 2 34 -1 44 6C50 20 66 28 86 33C108 38 130 40 133 56H4C0 40 1 22 5 10z',
        colour,
        'sheet',
      ) +
      ink.body('M3 54H134C136 64 132 70.500 122 70.500H12C4 70.500 1.500 64 3 54z', '#f7f5f0', 'sheet') +
      ink.stroke('M3 62H134', '#cfcabf', 1.8) +
      ink.detail('M100 37C116 40 130 42 132 54H102C96 48 96 42 100 37z', lighten(colour, 0.25)) +
      ink.stroke('M48 20L60 12M57 26L69 18M67 30L79 23', '#ffffff', 3.4) +
      ink.detail('M10 40C30 46 44 44 58 36C52 48 34 54 10 52z', accent) +
      ink.detail('M8 14C18 8 32 6 42 9C38 14 20 17 10 22C7 20 7 17 8 14z', darken(colour, 0.4)),
  },
  umbrella: {
    width: 124,
    height: 118,
    colours: ['#d8433f', '#3f6fb0', '#e6b93a'],
    size: 1.6,
    draw: (ink, colour) =>
      ink.rod('M62 12V102C62 118 82 118 82 104', '#7a5230', 4.5) +
      ink.rod('M62 12V3', '#7a5230', 3) +
      ink.body(
        'M1.500 64C2 32 28 8 62 8C96 8 122 32 122.500 64C114 56 102 56 94 64C86 56 72 56 62 64C52 56 38 56 30 64C22 56 10 56 1.500 64z',
        colour,
        'sheet',
      ) +
      ink.detail('M62 8.800C50 20 34 40 30.500 63C38 56.500 52 56.500 62 63.500z', lighten(colour, 0.25)) +
      ink.detail(
        'M62 8.800C74 20 90 40 93.500 63C100 57 112 56.500 121.500 62.500C120 32 96 8.800 62 8.800z',
        darken(colour, 0.14),
      ),
  },
};
