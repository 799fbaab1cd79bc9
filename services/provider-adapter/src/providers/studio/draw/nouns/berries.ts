import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { type Ink, oval } from '../ink.ts';

const LEAF = '#4a9a2f';
const STEM = '#6b4423';

const leaf = (ink: Ink, d: string, colour = LEAF): string => ink.body(d, colour, 'sheet', 1.2);

/** Berries, and fruit from warmer places. */
export const BERRIES: Drawings = {
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
