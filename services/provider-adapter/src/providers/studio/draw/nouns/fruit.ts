import { darken } from '../../colour.ts';
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
      ink.detail(oval(68, 60, 18, 22), '#d94b45', 0.16) +
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
};
