import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { type Ink, oval } from '../ink.ts';

const LEAF = '#4a9a2f';
const STEM = '#6b4423';

const leaf = (ink: Ink, d: string, colour = LEAF): string => ink.body(d, colour, 'sheet', 1.2);

/** Dots on a citrus peel. */
function pores(ink: Ink, colour: string, spots: readonly (readonly [number, number])[]): string {
  return spots.map(([x, y]) => ink.detail(oval(x, y, 1.1), darken(colour, 0.14))).join('');
}

export const FRUIT: Drawings = {
  apple: {
    width: 92,
    height: 100,
    colours: ['#d42a2a', '#c81e2c', '#8dbb2e'],
    size: 1,
    draw: (ink, colour) =>
      ink.rod('M47 30C46 20 49 9 54 4', STEM, 3.4) +
      leaf(ink, 'M50 18C55 6 70 2 82 8C78 20 63 25 50 18z') +
      ink.body(
        'M46 30C36 20 4 19 1.5 52C0 76 17 99 31 99C38 99 41 95.500 46 95.500C51 95.500 54 99 61 99C75 99 92 76 90.500 52C88 19 56 20 46 30z',
        colour,
        'round',
      ) +
      ink.detail(
        'M36 27.500C42 33 50 33 56 27.500C52 29.500 48 30.500 46 30.500C44 30.500 40 29.500 36 27.500z',
        darken(colour, 0.35),
      ) +
      ink.gloss('M15 50C16 38 22 32 31 31C24 37 21 44 20 54C19 59 14.500 57 15 50z'),
  },
  banana: {
    width: 120,
    height: 74,
    colours: ['#f7d23e', '#f4c82e', '#e9d54a'],
    size: 1.1,
    draw: (ink, colour) =>
      ink.body(
        'M103 4L112 1.500L114.500 13C120 32 106 58 76 68.500C48 78 14 72 3 58C1 55 2 51 6 50.500C36 52 78 48 99 20C102 14 101 9 103 4z',
        colour,
        'sheet',
      ) +
      ink.stroke('M10 55C42 60 82 56 106 22', darken(colour, 0.2), 1.6) +
      ink.detail('M103 4L112 1.500L113.600 9L102 12C102.400 9 102 7 103 4z', '#7b5a21') +
      ink.detail('M3 58C1 55 2 51 6 50.500L10 51C8 54 8 58 10.500 62C7 61 4.500 60 3 58z', '#5d4318') +
      ink.gloss('M40 63C60 64 84 57 98 42C88 60 62 70 40 67z', 0.3),
  },
  orange: {
    width: 96,
    height: 98,
    colours: ['#f58a1f', '#f7941d', '#ee7d14'],
    size: 1,
    draw: (ink, colour) =>
      ink.body(oval(48, 51, 46.5, 46), colour, 'round') +
      pores(ink, colour, [
        [26, 62],
        [38, 74],
        [56, 66],
        [70, 74],
        [74, 52],
        [60, 84],
        [42, 56],
        [60, 44],
        [30, 42],
        [80, 62],
        [48, 88],
        [22, 76],
      ]) +
      ink.detail('M40 11L48 15L56 11L53 17L58 21L49 19L44 23L44 18L37 16z', '#3f7d2c') +
      leaf(ink, 'M49 14C55 3 68 0 79 3C75 14 62 20 49 14z') +
      ink.gloss('M15 47C17 33 26 24 37 22C28 29 23 38 21 50C19 55 14 53 15 47z', 0.45),
  },
  lemon: {
    width: 114,
    height: 82,
    colours: ['#f7e03c', '#f4d92f'],
    size: 0.85,
    draw: (ink, colour) =>
      ink.body(
        'M1.500 44C2 38 8 37 13 34C21 12 39 1.500 58 1.500C78 1.500 94 12 101 33C106 36 112 37 112.500 42C112.500 48 106 49 101 51C94 71 77 80.500 58 80.500C39 80.500 21 71 14 52C9 50 1.500 50 1.500 44z',
        colour,
        'round',
      ) +
      pores(ink, colour, [
        [30, 54],
        [46, 64],
        [62, 56],
        [78, 62],
        [84, 44],
        [66, 34],
        [44, 40],
        [52, 72],
        [72, 70],
      ]) +
      ink.gloss('M24 34C29 20 40 12 52 11C42 18 35 26 31 38C28 43 22 40 24 34z', 0.5),
  },
  lime: {
    width: 100,
    height: 84,
    colours: ['#6fb52c', '#5fa626'],
    size: 0.75,
    draw: (ink, colour) =>
      ink.body(
        'M1.500 43C3 38 7 37 11 35C18 13 33 1.500 50 1.500C68 1.500 83 12 89 33C94 36 98 38 98.500 42C98 47 94 48 89 51C83 71 68 82.500 50 82.500C33 82.500 18 72 11 51C7 49 2 48 1.500 43z',
        colour,
        'round',
      ) +
      pores(ink, colour, [
        [30, 54],
        [46, 64],
        [62, 56],
        [74, 44],
        [60, 34],
        [40, 42],
      ]) +
      ink.gloss('M21 34C26 20 36 12 47 11C38 18 31 26 27 38C25 43 19 40 21 34z', 0.4),
  },
  pear: {
    width: 80,
    height: 118,
    colours: ['#c3cf3d', '#b4c43a', '#d8c64a'],
    size: 1.1,
    draw: (ink, colour) =>
      ink.rod('M42 22C41 13 44 7 49 3', STEM, 3.4) +
      leaf(ink, 'M46 14C52 4 64 3 73 8C68 17 57 21 46 14z') +
      ink.body(
        'M41 19C55 19 58 31 60 42C63 56 78.500 64 78.500 86C78.500 106 61 117 40 117C19 117 1.500 106 1.500 86C1.500 64 18 56 21 42C23 31 27 19 41 19z',
        colour,
        'round',
      ) +
      pores(ink, colour, [
        [30, 84],
        [48, 96],
        [58, 80],
        [40, 66],
        [52, 106],
        [26, 100],
      ]) +
      ink.gloss('M13 84C14 70 25 62 29 50C29 62 20 72 20 88C19 93 13 91 13 84z', 0.45),
  },
  peach: {
    width: 96,
    height: 98,
    colours: ['#f6a36b', '#f59a72'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(
        'M48 18C38 8 2 14 1.500 52C1 80 26 96.500 48 96.500C70 96.500 95 80 94.500 52C94 14 58 8 48 18z',
        colour,
        'round',
      ) +
      ink.stroke('M48 19C38 38 38 66 46 94', darken(colour, 0.25), 2.4) +
      ink.detail(oval(68, 60, 18, 22), '#d94b45', 0.3) +
      ink.rod('M48 19V8', STEM, 3) +
      leaf(ink, 'M49 13C57 1.500 72 1 84 8C78 19 62 22 49 13z') +
      ink.gloss('M14 48C16 36 22 28 32 26C25 33 21 42 20 52C19 57 13 55 14 48z', 0.4),
  },
  plum: {
    width: 84,
    height: 92,
    colours: ['#5b2a6e', '#6a2f62'],
    size: 0.75,
    draw: (ink, colour) =>
      ink.rod('M43 16C42 10 44 6 47 3', STEM, 3) +
      ink.body(
        'M42 14C30 6 1.500 20 1.500 52C1.500 76 20 90.500 42 90.500C64 90.500 82.500 76 82.500 52C82.500 20 54 6 42 14z',
        colour,
        'round',
      ) +
      ink.stroke('M43 15C52 34 53 66 45 88', darken(colour, 0.3), 2) +
      ink.gloss('M13 48C15 36 21 28 30 25C24 33 20 42 19 52C18 57 12 55 13 48z', 0.4),
  },
  mango: {
    width: 106,
    height: 84,
    colours: ['#f2a93b', '#e98f35'],
    size: 1.1,
    draw: (ink, colour) =>
      ink.rod('M84 12L90 3', STEM, 3) +
      ink.body(
        'M4 58C-2 36 18 22 42 14C62 6 88 4 99 20C110 38 100 62 78 74C52 88 12 84 4 58z',
        colour,
        'round',
      ) +
      ink.detail('M64 12C88 7 102 18 103 34C103 44 98 54 92 61C98 40 88 22 64 12z', '#cf3f33', 0.45) +
      ink.gloss('M14 54C14 42 26 34 40 28C30 36 22 44 21 56C20 62 14 60 14 54z', 0.4),
  },
  kiwi: {
    width: 100,
    height: 92,
    colours: ['#8a6a3a', '#7d5f34'],
    size: 0.75,
    draw: (ink, colour) =>
      ink.body(oval(50, 46, 48.5, 44.5), colour, 'round') +
      ink.detail(oval(50, 46, 42, 38), '#8fbf3f') +
      ink.detail(oval(50, 46, 30, 27), '#a9d155') +
      ink.detail(oval(50, 46, 10, 9), '#f0edcf') +
      Array.from({ length: 18 }, (_, index) => {
        const angle = (index / 18) * Math.PI * 2;
        return ink.detail(oval(50 + Math.cos(angle) * 18, 46 + Math.sin(angle) * 16, 1.8, 2.4), '#2c2414');
      }).join(''),
  },
  strawberry: {
    width: 82,
    height: 98,
    colours: ['#dd2436', '#d11b2e'],
    size: 0.7,
    draw: (ink, colour) =>
      ink.body(
        'M41 22C58 12 81 20 80.500 42C80 66 58 88 41 97C24 88 2 66 1.500 42C1 20 24 12 41 22z',
        colour,
        'round',
      ) +
      [
        [22, 40],
        [40, 42],
        [59, 40],
        [30, 56],
        [50, 57],
        [24, 66],
        [66, 54],
        [40, 72],
        [56, 70],
        [44, 86],
        [14, 50],
      ]
        .map(([x = 0, y = 0]) => ink.detail(oval(x, y, 1.7, 2.5), '#f8e08a'))
        .join('') +
      leaf(
        ink,
        'M41 20C34 12 22 10 12 14C18 18 20 22 18 29C25 28 31 27 35 24C36 30 39 34 42 36C45 33 47 29 48 24C53 28 59 30 66 29C63 22 65 18 71 14C60 9 49 12 41 20z',
      ) +
      ink.rod('M41 18C41 12 43 7 47 3', LEAF, 3),
  },
  cherry: {
    width: 92,
    height: 104,
    colours: ['#b5122c', '#c4163a'],
    size: 0.75,
    draw: (ink, colour) =>
      ink.stroke('M24 62C28 40 44 18 62 6C66 24 68 44 69 66', '#5d7a2c', 3.2) +
      leaf(ink, 'M61 7C68 0 84 1 90 10C80 18 68 16 61 7z') +
      ink.body(oval(24, 80, 22.5, 22.5), colour, 'round') +
      ink.body(oval(69, 81, 21.5, 21.5), colour, 'round') +
      ink.gloss(oval(16, 72, 4.5, 6)) +
      ink.gloss(oval(61, 73, 4.5, 6)),
  },
  grapes: {
    width: 86,
    height: 112,
    colours: ['#6b2f83', '#8cb63a', '#4d2b70'],
    size: 1.05,
    draw: (ink, colour) => {
      const rows: readonly (readonly [number, number])[] = [
        [16, 38],
        [34, 36],
        [52, 36],
        [70, 38],
        [25, 53],
        [43, 52],
        [61, 53],
        [18, 66],
        [34, 69],
        [52, 69],
        [68, 66],
        [27, 83],
        [44, 85],
        [60, 82],
        [36, 98],
        [51, 97],
      ];
      return (
        ink.rod('M43 34C42 24 44 14 48 5', STEM, 3.6) +
        leaf(ink, 'M46 22C52 8 66 2 84 6C82 20 70 30 56 30C51 30 48 27 46 22z') +
        rows
          .map(
            ([x, y]) =>
              ink.body(oval(x, y, 13.5), colour, 'round', 1.3) +
              ink.gloss(oval(x - 4.5, y - 5, 2.6, 3.2), 0.5),
          )
          .join('')
      );
    },
  },
  watermelon: {
    width: 122,
    height: 70,
    colours: ['#e8384f', '#e23a4b'],
    size: 1.5,
    draw: (ink, colour) =>
      ink.body(
        'M1.500 8H120.500C120.500 44 94 68.500 61 68.500C28 68.500 1.500 44 1.500 8z',
        '#2f7d32',
        'sheet',
      ) +
      ink.detail('M7 8H115C113 40 90 62.500 61 62.500C32 62.500 9 40 7 8z', '#d9efb5') +
      ink.detail('M12 8H110C108 37 87 57.500 61 57.500C35 57.500 14 37 12 8z', colour) +
      [
        [30, 22],
        [46, 34],
        [62, 22],
        [76, 35],
        [92, 22],
        [61, 46],
        [38, 45],
        [84, 46],
      ]
        .map(([x = 0, y = 0]) =>
          ink.detail(
            `M${x} ${y - 4}C${x + 3} ${y} ${x + 2} ${y + 4} ${x} ${y + 4}C${x - 2} ${y + 4} ${x - 3} ${y} ${x} ${y - 4}z`,
            '#2b1a14',
          ),
        )
        .join('') +
      ink.body(
        'M1.500 8C1.500 3 30 1.500 61 1.500C92 1.500 120.500 3 120.500 8C120.500 12 92 13 61 13C30 13 1.500 12 1.500 8z',
        lighten(colour, 0.22),
        'flat',
        1.2,
      ),
  },
  pineapple: {
    width: 72,
    height: 132,
    colours: ['#e5a92c', '#d99b26'],
    size: 1.5,
    draw: (ink, colour) =>
      leaf(
        ink,
        'M36 56C26 44 12 38 2 40C10 28 20 28 26 32C18 20 14 14 12 8C24 12 30 20 33 26C33 14 34 8 37 1.500C41 8 42 16 41 26C45 18 52 12 62 8C60 16 54 24 48 32C56 28 64 30 70 40C58 38 46 44 36 56z',
        '#3f8f3a',
      ) +
      ink.body(
        'M36 48C60 48 70.500 66 70.500 90C70.500 114 58 131 36 131C14 131 1.500 114 1.500 90C1.500 66 12 48 36 48z',
        colour,
        'round',
      ) +
      ink.stroke(
        'M7 72L50 126M3 90L32 130M18 54L66 112M36 50L70 90M54 54L69 72M65 72L22 126M69 90L40 130M54 54L6 112M36 50L2 90M18 54L5 70',
        darken(colour, 0.3),
        1.8,
      ),
  },
  avocado: {
    width: 80,
    height: 108,
    colours: ['#3d5a26', '#48662b'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(
        'M40 1.500C54 1.500 58 16 61 32C64 44 78.500 54 78.500 73C78.500 94 61 106.500 40 106.500C19 106.500 1.500 94 1.500 73C1.500 54 16 44 19 32C22 16 26 1.500 40 1.500z',
        colour,
        'round',
      ) +
      ink.detail(
        'M40 8C50 8 53 20 55.500 33C58 46 72 56 72 73C72 90 57 100.500 40 100.500C23 100.500 8 90 8 73C8 56 22 46 24.500 33C27 20 30 8 40 8z',
        '#b9cf63',
      ) +
      ink.detail(
        'M40 14C47 14 49 24 51 36C54 50 66 58 66 74C66 87 54 95 40 95C26 95 14 87 14 74C14 58 26 50 29 36C31 24 33 14 40 14z',
        '#e4e9a6',
      ) +
      ink.body(oval(40, 72, 18, 18.5), '#84502a', 'round', 1.2) +
      ink.gloss(oval(34, 65, 4, 5.5)),
  },
};
