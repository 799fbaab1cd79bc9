import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { block, oval } from '../ink.ts';

const PAPER = '#fbf8f1';

export const PACKAGES: Drawings = {
  carton: {
    width: 76,
    height: 128,
    colours: ['#f2f6fb', '#eaf3ec', '#3f86d6'],
    size: 1.4,
    label: { x: 8, y: 66, width: 44, height: 30 },
    draw: (ink, colour, { accent }) =>
      ink.body('M58 42L74.500 36V120L58 126.500z', darken(colour, 0.16), 'flat') +
      ink.body('M2 42H58V126.500H4C3 126.500 2 126 2 124z', colour, 'sheet') +
      ink.body('M2 42L14 16H66L58 42z', lighten(colour, 0.1), 'sheet') +
      ink.body('M58 42L66 16L74.500 36z', darken(colour, 0.1), 'flat') +
      ink.body(block(13, 1.5, 54, 15, 2), darken(colour, 0.06), 'sheet') +
      ink.detail('M3 98C16 88 30 108 57 94V125.500H5C3.500 125.500 3 125 3 124z', accent) +
      ink.detail(block(9, 50, 42, 10, 5), accent) +
      ink.detail('M58.500 94L74 88V119.500L58.500 125.500z', darken(accent, 0.18)),
  },
  bottle: {
    width: 50,
    height: 132,
    colours: ['#3f9a5a', '#4aa3d8', '#8a5a2b'],
    size: 1.5,
    label: { x: 4, y: 74, width: 42, height: 34 },
    draw: (ink, colour, { accent, fill }) =>
      ink.body(
        'M17 20H33V34C33 46 48.500 48 48.500 64V122C48.500 128 45 130.500 40 130.500H10C5 130.500 1.500 128 1.500 122V64C1.500 48 17 46 17 34z',
        fill ?? colour,
        'tube',
      ) +
      ink.body(block(14, 1.5, 22, 19, 3), accent, 'tube') +
      ink.detail(block(2.2, 72, 45.6, 38), PAPER) +
      ink.detail(block(2.2, 72, 45.6, 4), accent) +
      ink.detail(block(2.2, 106, 45.6, 4), accent) +
      ink.gloss('M8 62C8 54 14 50 18 44C16 54 12 58 12 70H8z', 0.45) +
      ink.gloss(block(8, 113, 4, 12, 2), 0.4),
  },
  jar: {
    width: 84,
    height: 106,
    colours: ['#d98a2b', '#b3242f', '#e0a83a'],
    size: 1.1,
    label: { x: 12, y: 52, width: 60, height: 32 },
    draw: (ink, colour, { accent, fill }) =>
      ink.body(
        'M12 22H72C80 28 82.500 34 82.500 44V90C82.500 100 77 104.500 68 104.500H16C7 104.500 1.500 100 1.500 90V44C1.500 34 4 28 12 22z',
        fill ?? colour,
        'tube',
      ) +
      ink.body(block(8, 1.5, 68, 20, 4), accent, 'tube') +
      ink.stroke('M18 6V18M28 6V18M38 6V18M48 6V18M58 6V18M68 6V18', darken(accent, 0.2), 1.6) +
      ink.detail(block(10, 48, 64, 40, 5), PAPER) +
      ink.stroke(block(13, 51, 58, 34, 4), accent, 1.4) +
      ink.gloss(block(6, 34, 5, 56, 2.5), 0.45),
  },
  can: {
    width: 70,
    height: 104,
    colours: ['#d8323a', '#2f78c4', '#3a9a56'],
    size: 1.05,
    label: { x: 5, y: 38, width: 60, height: 34 },
    draw: (ink, colour) =>
      ink.body('M1.500 12C1.500 4 68.500 4 68.500 12V92C68.500 106 1.500 106 1.500 92z', colour, 'tube') +
      ink.body(
        'M1.500 88C1.500 98 68.500 98 68.500 88V93C68.500 106 1.500 106 1.500 93z',
        '#c9ced4',
        'tube',
        1.2,
      ) +
      ink.detail('M2.200 32C2.200 42 67.800 42 67.800 32V74C67.800 84 2.200 84 2.200 74z', PAPER) +
      ink.body(oval(35, 11, 33.5, 9.5), '#d5dade', 'tube') +
      ink.stroke(oval(35, 11, 27, 6.5), '#8f979f', 1.5) +
      ink.body(oval(38, 11, 9, 3), '#aab1b8', 'flat', 1.1) +
      ink.gloss('M10 30C11 31 13 32 15 32.500V40C13 39.500 11 39 10 38z', 0.35),
  },
  box: {
    width: 104,
    height: 104,
    colours: ['#c99a62', '#d6a46a'],
    size: 1.3,
    label: { x: 12, y: 52, width: 56, height: 32 },
    draw: (ink, colour) =>
      ink.body('M1.500 24L26 1.500H102.500L80 24z', lighten(colour, 0.22), 'flat') +
      ink.body('M80 24L102.500 1.500V78L80 102.500z', darken(colour, 0.2), 'flat') +
      ink.body('M1.500 24H80V102.500H3.500C2 102.500 1.500 102 1.500 100.500z', colour, 'sheet') +
      ink.detail('M34 24H48L70.500 1.500H57.500z', '#e8d9b0') +
      ink.detail('M34 24H48V46L44.500 43L41 46L37.500 43L34 46z', '#e8d9b0'),
  },
  bag: {
    width: 84,
    height: 116,
    colours: ['#d9b27c', '#c9a06a', '#e9e2d3'],
    size: 1.3,
    label: { x: 12, y: 46, width: 60, height: 40 },
    draw: (ink, colour, { accent }) =>
      ink.body(
        'M8 16H76L82.500 108C82.500 112 80 114.500 76 114.500H8C4 114.500 1.500 112 1.500 108z',
        colour,
        'sheet',
      ) +
      ink.detail('M60 18H75L81.500 108C81.500 111 79 113.500 76 113.500H66z', darken(colour, 0.12)) +
      ink.body(block(6, 1.5, 72, 16, 2), darken(colour, 0.1), 'sheet') +
      ink.stroke('M8 10H76', darken(colour, 0.3), 1.6) +
      ink.detail(block(11, 42, 62, 46, 6), PAPER) +
      ink.detail(block(11, 42, 62, 8, 4), accent) +
      ink.stroke('M8 100C20 96 30 104 44 100', darken(colour, 0.18), 1.6),
  },
  tube: {
    width: 46,
    height: 124,
    colours: ['#f3f7fa', '#bfe3ea'],
    size: 1.1,
    label: { x: 6, y: 36, width: 34, height: 40 },
    draw: (ink, colour, { accent }) =>
      ink.body('M1.500 10H44.500L36 100H10z', colour, 'tube') +
      ink.body(block(0.8, 1.5, 44.4, 10, 2), darken(colour, 0.14), 'tube') +
      ink.body('M12 100H34V118C34 121 32 122.500 30 122.500H16C14 122.500 12 121 12 118z', accent, 'tube') +
      ink.stroke('M18 104V119M23 104V119M28 104V119', darken(accent, 0.25), 1.5) +
      ink.detail('M4 34C16 26 30 42 42 32L38 80C28 72 18 88 8.500 78z', accent, 0.9),
  },
  spray: {
    width: 74,
    height: 132,
    colours: ['#4ab4e0', '#7ec850', '#f0a5c0'],
    size: 1.4,
    label: { x: 13, y: 78, width: 46, height: 34 },
    draw: (ink, colour, { accent }) =>
      ink.body(
        'M30 36H46V48C58 54 63 64 63 78V122C63 128 60 130.500 55 130.500H18C13 130.500 10 128 10 122V78C10 64 18 54 30 48z',
        colour,
        'tube',
      ) +
      ink.body('M26 32H50V42H26z', '#eceff2', 'tube') +
      ink.body('M8 8H52C62 8 68 14 72 24L62 27C58 22 54 21 50 21V33H28V23H8z', accent, 'sheet') +
      ink.body(block(1.5, 7, 9, 17, 2), darken(accent, 0.25), 'flat') +
      ink.stroke('M24 23C22 30 16 34 12 42', accent, 4.5) +
      ink.detail(block(12, 76, 49, 38, 5), PAPER) +
      ink.gloss(block(14, 118, 14, 5, 2.5), 0.4),
  },
};

/** Stands for anything that nobody taught us to draw: a plain carton that says what it is. */
export const GENERIC_PACKAGE: Drawings[string] = {
  width: 96,
  height: 118,
  colours: ['#8fb8d8', '#e0a46a', '#9cc59a', '#d69aa6', '#b9a7d6'],
  size: 1.2,
  label: { x: 6, y: 44, width: 70, height: 40 },
  draw: (ink, colour) =>
    ink.body('M1.500 20L18 1.500H94.500L82 20z', lighten(colour, 0.28), 'flat') +
    ink.body('M82 20L94.500 1.500V102L82 116.500z', darken(colour, 0.2), 'flat') +
    ink.body('M1.500 20H82V116.500H3.500C2 116.500 1.500 116 1.500 114.500z', colour, 'sheet') +
    ink.detail(block(5, 42, 73, 44, 4), PAPER) +
    ink.detail(block(5, 94, 73, 6, 3), darken(colour, 0.25), 0.7),
};
