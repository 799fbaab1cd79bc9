import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { block, oval } from '../ink.ts';

const WOOD = '#b98149';

export const HOUSEHOLD: Drawings = {
  lamp: {
    width: 96,
    height: 130,
    colours: ['#f2d8a0', '#e8e2d6', '#7fb0b8'],
    size: 1.5,
    draw: (ink, colour) =>
      ink.body('M44 60H52V112H44z', '#8d7048', 'tube') +
      ink.body('M48 66C62 72 64 96 54 112H42C32 96 34 72 48 66z', '#a9825a', 'tube') +
      ink.body('M24 116C24 110 72 110 72 116V124C72 130 24 130 24 124z', '#8d7048', 'tube') +
      ink.body('M28 1.500H68L94.500 62C78 68.500 18 68.500 1.500 62z', colour, 'tube') +
      ink.stroke('M28 6H69M4 57C22 63 74 63 92 57', darken(colour, 0.2), 1.8),
  },
  chair: {
    width: 78,
    height: 130,
    colours: [WOOD, '#8a5a33', '#d8c3a0'],
    size: 1.7,
    draw: (ink, colour, { accent }) =>
      ink.body('M14 76H22V124H15z', darken(colour, 0.25), 'tube') +
      ink.body('M56 76H64V124H57z', darken(colour, 0.25), 'tube') +
      ink.body('M3 6C3 0.500 11 0.500 11 6V128.500H4z', colour, 'tube') +
      ink.body('M67 6C67 0.500 75 0.500 75 6V128.500H68z', colour, 'tube') +
      ink.body(block(8, 10, 62, 12, 3), colour, 'sheet') +
      ink.body(block(8, 30, 62, 9, 3), colour, 'sheet') +
      ink.body(block(8, 46, 62, 9, 3), colour, 'sheet') +
      ink.body('M6 66H72L76.500 78C76.500 83 74 84 70 84H8C4 84 1.500 83 1.500 78z', accent, 'sheet'),
  },
  sofa: {
    width: 150,
    height: 84,
    colours: ['#6f8faf', '#b56b5a', '#8a9a6b'],
    size: 2,
    draw: (ink, colour) =>
      ink.body('M20 74H30V82.500H22zM120 74H130L128 82.500H120z', '#5b4028', 'flat') +
      ink.body('M20 14C20 5 27 1.500 36 1.500H114C123 1.500 130 5 130 14V56H20z', colour, 'sheet') +
      ink.stroke('M75 4V46', darken(colour, 0.25), 2) +
      ink.body(block(26, 42, 50, 22, 7), lighten(colour, 0.14), 'sheet') +
      ink.body(block(74, 42, 50, 22, 7), lighten(colour, 0.14), 'sheet') +
      ink.body(block(14, 60, 122, 17, 6), colour, 'sheet') +
      ink.body(block(1.5, 26, 28, 52, 12), darken(colour, 0.06), 'round') +
      ink.body(block(120.5, 26, 28, 52, 12), darken(colour, 0.06), 'round'),
  },
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
  clock: {
    width: 100,
    height: 100,
    colours: ['#c8493f', '#2f5f8a', '#3a3f45'],
    size: 1.1,
    draw: (ink, colour) =>
      ink.body(oval(50, 50, 48.5), colour, 'round') +
      ink.body(oval(50, 50, 39), '#fcfaf4', 'flat', 1.2) +
      Array.from({ length: 12 }, (_, hour) => {
        const angle = (hour / 12) * Math.PI * 2;
        const inner = hour % 3 === 0 ? 28 : 31;
        return ink.stroke(
          `M${(50 + Math.sin(angle) * inner).toFixed(1)} ${(50 - Math.cos(angle) * inner).toFixed(1)}L${(50 + Math.sin(angle) * 35).toFixed(1)} ${(50 - Math.cos(angle) * 35).toFixed(1)}`,
          '#2b2b2b',
          hour % 3 === 0 ? 3 : 1.8,
        );
      }).join('') +
      ink.stroke('M50 50L34 40', '#2b2b2b', 4) +
      ink.stroke('M50 50L64 26', '#2b2b2b', 3) +
      ink.detail(oval(50, 50, 3.5), colour),
  },
  plant: {
    width: 96,
    height: 120,
    colours: ['#3f9a4a', '#4aa05a'],
    size: 1.4,
    draw: (ink, colour) =>
      ink.body('M48 82C30 76 6 70 2 44C24 46 42 58 48 82z', colour, 'sheet') +
      ink.body('M48 82C66 76 90 70 94 44C72 46 54 58 48 82z', darken(colour, 0.08), 'sheet') +
      ink.body('M48 82C28 62 20 36 28 12C46 26 54 54 48 82z', lighten(colour, 0.12), 'sheet') +
      ink.body('M48 82C68 62 78 32 66 4C46 22 40 54 48 82z', lighten(colour, 0.05), 'sheet') +
      ink.stroke(
        'M48 80C42 60 36 38 30 18M48 80C54 56 60 32 65 12M48 80C36 66 20 54 8 48M48 80C60 66 76 54 88 48',
        darken(colour, 0.25),
        1.6,
      ) +
      ink.body(
        'M20 86H76L69 114C68.500 117 66 118.500 63 118.500H33C30 118.500 27.500 117 27 114z',
        '#c9683f',
        'tube',
      ) +
      ink.body(block(16, 78, 64, 12, 3), '#d2754a', 'tube'),
  },
  vase: {
    width: 64,
    height: 112,
    colours: ['#5d8fb5', '#d9a59a', '#e9e2d4'],
    size: 1.2,
    draw: (ink, colour) =>
      ink.body(
        'M18 6C18 2 46 2 46 6C46 24 44 30 52 42C60 54 62.500 64 62.500 76C62.500 96 54 110.500 32 110.500C10 110.500 1.500 96 1.500 76C1.500 64 4 54 12 42C20 30 18 24 18 6z',
        colour,
        'tube',
      ) +
      ink.detail(oval(32, 6.5, 12.5, 3), darken(colour, 0.45)) +
      ink.stroke('M5 62C20 70 44 70 59 62M3 84C20 92 44 92 61 84', lighten(colour, 0.5), 2.6) +
      ink.gloss('M10 70C10 60 15 52 20 46C17 56 16 62 16 74C15 80 10 78 10 70z', 0.45),
  },
  book: {
    width: 92,
    height: 118,
    colours: ['#b5433c', '#2f6f8f', '#4d8a5a'],
    size: 1.1,
    label: { x: 22, y: 26, width: 60, height: 36 },
    draw: (ink, colour, { accent }) =>
      ink.body('M10 106H90V114C90 116 88 116.500 86 116.500H10C4 116.500 4 106 10 106z', '#f6f1e2', 'flat') +
      ink.stroke('M10 110H88M10 113.500H88', '#cfc6ad', 1.2) +
      ink.body(
        'M10 1.500H86C89 1.500 90.500 3 90.500 6V106H10C5 106 1.500 108 1.500 112V10C1.500 5 5 1.500 10 1.500z',
        colour,
        'sheet',
      ) +
      ink.detail(
        'M14 2.300V105.500H10C6 105.500 3 107 2.200 109V10C2.200 5.500 5.500 2.300 10 2.300z',
        darken(colour, 0.25),
      ) +
      ink.detail(block(22, 26, 60, 36, 3), '#f9f4e6') +
      ink.detail(block(30, 82, 44, 5, 2), accent),
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
