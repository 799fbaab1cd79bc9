import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { block, oval } from '../ink.ts';

const STEEL = '#b9c1c9';

export const TABLEWARE: Drawings = {
  cup: {
    width: 112,
    height: 75,
    colours: ['#f4f1ea', '#7fb4d6', '#e8a49a'],
    size: 0.95,
    draw: (ink, colour, { fill }) =>
      '<g transform="translate(0 -9)">' +
      ink.rod('M86 28C102 22 108 32 104 42C100 52 90 54 80 54', colour, 7) +
      ink.body('M8 18H90C90 48 80 68 62 72H36C18 68 8 48 8 18z', colour, 'tube') +
      ink.body('M8 18C8 8 90 8 90 18C90 27 8 27 8 18z', darken(colour, 0.12), 'flat', 1.2) +
      ink.detail('M14 19C20 13 78 13 84 19C76 25 22 25 14 19z', fill ?? '#5b3620') +
      ink.body(
        'M1.500 74C18 71 80 71 97 74C92 80 78 82.500 60 82.500H38C20 82.500 6 80 1.500 74z',
        lighten(colour, 0.12),
        'sheet',
      ) +
      ink.gloss('M18 32C18 46 24 56 30 62C22 58 16 46 15 32z', 0.45) +
      '</g>',
  },
  mug: {
    width: 104,
    height: 96,
    colours: ['#d9534a', '#3f78b8', '#f1ede4', '#4b9a7a'],
    size: 0.95,
    label: { x: 10, y: 38, width: 52, height: 32 },
    draw: (ink, colour) =>
      ink.rod('M70 30C94 22 102 36 98 54C94 70 82 76 70 74', colour, 9) +
      ink.body(
        'M1.500 13C1.500 3 74.500 3 74.500 13V82C74.500 90 70 94.500 62 94.500H14C6 94.500 1.500 90 1.500 82z',
        colour,
        'tube',
      ) +
      ink.body(oval(38, 12, 36.5, 9.5), lighten(colour, 0.18), 'flat') +
      ink.detail(oval(38, 13.5, 31, 6.8), darken(colour, 0.45)) +
      ink.gloss(block(8, 28, 6, 52, 3), 0.4),
  },
  glass: {
    width: 66,
    height: 100,
    colours: ['#bfe0ee', '#c9e6df'],
    size: 1,
    draw: (ink, colour, { fill }) =>
      ink.body(
        'M1.500 10C1.500 2 64.500 2 64.500 10L57 90C56 101 10 101 9 90z',
        lighten(colour, 0.35),
        'tube',
      ) +
      ink.detail('M4.500 34C12 40 54 40 61.500 34L56 89C54 97 12 97 10 89z', fill ?? colour) +
      ink.detail(oval(33, 35, 28.5, 5), lighten(fill ?? colour, 0.3)) +
      ink.stroke(oval(33, 10, 30.5, 6.5), darken(colour, 0.35), 1.5) +
      ink.gloss('M11 26H17L20 84C17 84 15 83 14 82z', 0.6),
  },
  plate: {
    width: 128,
    height: 74,
    colours: ['#f5f3ee', '#dfe8ee', '#8fb6cf'],
    size: 1.4,
    draw: (ink, colour) =>
      ink.body(oval(64, 41, 62.5, 31.5), darken(colour, 0.2), 'flat') +
      ink.body(oval(64, 35, 62.5, 33.5), colour, 'round') +
      ink.body(oval(64, 36, 41, 20.5), lighten(colour, 0.25), 'sheet', 1.2) +
      ink.gloss('M14 32C20 18 38 9 58 7C42 12 28 20 22 32C19 36 12 37 14 32z', 0.6),
  },
  bowl: {
    width: 122,
    height: 78,
    colours: ['#5e9ac4', '#f2ece0', '#d98a5e'],
    size: 1.3,
    draw: (ink, colour, { fill }) =>
      ink.body(
        'M1.500 17H120.500C120.500 44 104 66 80 70V74C80 77 42 77 42 74V70C18 66 1.500 44 1.500 17z',
        colour,
        'tube',
      ) +
      ink.body(oval(61, 17, 59.5, 15.5), lighten(colour, 0.2), 'flat') +
      ink.detail(oval(61, 19, 53, 11.5), fill ?? darken(colour, 0.28)) +
      ink.stroke('M5 32C30 44 92 44 117 32', lighten(colour, 0.45), 2.4) +
      ink.gloss('M12 38C16 50 24 58 34 63C22 60 13 50 9 39z', 0.4),
  },
  teapot: {
    width: 128,
    height: 92,
    colours: ['#d97f6a', '#6aa58c', '#f0e8da'],
    size: 1.15,
    draw: (ink, colour, { accent }) =>
      ink.rod('M94 36C118 26 126 42 120 56C114 70 104 72 92 72', colour, 7) +
      ink.body('M36 66C20 62 14 46 3 34L12 27C24 36 30 44 42 46z', colour, 'sheet') +
      ink.body(
        'M66 20C92 20 104 36 104 54C104 76 88 90.500 66 90.500C44 90.500 28 76 28 54C28 36 40 20 66 20z',
        colour,
        'round',
      ) +
      ink.body('M42 26C48 14 84 14 90 26C80 31 52 31 42 26z', lighten(colour, 0.14), 'sheet', 1.2) +
      ink.body(oval(66, 9, 7.5, 7.5), accent, 'round', 1.2) +
      ink.gloss('M36 52C38 42 44 35 52 32C46 39 43 46 42 55C41 60 35 58 36 52z', 0.45),
  },
  kettle: {
    width: 95,
    height: 112,
    colours: ['#c4ccd3', '#c8443c', '#3c444c'],
    size: 1.3,
    draw: (ink, colour) =>
      ink.rod('M24 44C16 4 90 4 82 44', '#30343a', 8) +
      ink.body('M22 62L3 44L10 36L34 48z', colour, 'sheet') +
      ink.body('M32 34H74L92 96C93 106 90 110.500 82 110.500H24C16 110.500 13 106 14 96z', colour, 'tube') +
      ink.body('M32 34C36 27 70 27 74 34C66 38 40 38 32 34z', darken(colour, 0.2), 'flat', 1.2) +
      ink.body(oval(53, 25, 6.5, 6), '#30343a', 'round', 1.2) +
      ink.stroke('M17 98H90', darken(colour, 0.3), 2.4) +
      ink.gloss('M36 46H42L32 92H25z', 0.45),
  },
  pan: {
    width: 150,
    height: 58,
    colours: ['#3a3f45', '#b8452f'],
    size: 1.5,
    draw: (ink, colour) =>
      ink.rod('M96 20C116 18 130 14 143 8', '#2b2b2e', 8) +
      ink.body('M1.500 22C1.500 44 12 56.500 30 56.500H78C96 56.500 106.500 44 106.500 22z', colour, 'tube') +
      ink.body(oval(54, 22, 52.5, 14.5), lighten(colour, 0.2), 'flat') +
      ink.detail(oval(54, 24, 46, 11), darken(colour, 0.35)) +
      ink.gloss('M16 24C24 17 42 14 58 15C42 17 28 21 22 27C19 29 14 27 16 24z', 0.25),
  },
  pot: {
    width: 124,
    height: 96,
    colours: ['#c43f36', '#b9c1c9', '#3f6f9a'],
    size: 1.4,
    draw: (ink, colour) =>
      ink.rod('M18 50C6 44 4 58 16 60', darken(colour, 0.2), 6) +
      ink.rod('M106 50C118 44 120 58 108 60', darken(colour, 0.2), 6) +
      ink.body('M14 36H110V82C110 90 104 94.500 94 94.500H30C20 94.500 14 90 14 82z', colour, 'tube') +
      ink.body(
        'M10 36C10 24 34 17 62 17C90 17 114 24 114 36C114 40 10 40 10 36z',
        lighten(colour, 0.12),
        'sheet',
      ) +
      ink.body(oval(62, 11, 9.5, 8.5), '#2f3338', 'round') +
      ink.gloss(block(22, 46, 7, 36, 3.5), 0.4),
  },
  spoon: {
    width: 42,
    height: 140,
    colours: [STEEL, '#c08f56'],
    size: 1.2,
    draw: (ink, colour) =>
      ink.body(
        'M21 1.500C33 1.500 40.500 14 40.500 28C40.500 44 32 54 26.500 58L28 132C28 140 14 140 14 132L15.500 58C10 54 1.500 44 1.500 28C1.500 14 9 1.500 21 1.500z',
        colour,
        'tube',
      ) +
      ink.detail(oval(21, 28, 13.5, 20), darken(colour, 0.16)) +
      ink.gloss('M12 28C12 18 16 12 21 10C17 16 16 24 17 34C15 38 12 34 12 28z', 0.6),
  },
  fork: {
    width: 40,
    height: 140,
    colours: [STEEL, '#c2a24a'],
    size: 1.2,
    draw: (ink, colour) =>
      ink.body(
        'M1.500 4C1.500 0.500 8 0.500 8 4V32H12V4C12 0.500 18 0.500 18 4V32H22V4C22 0.500 28 0.500 28 4V32H32V4C32 0.500 38.500 0.500 38.500 4V40C38.500 52 32 58 25 61L27 132C27 140 13 140 13 132L15 61C8 58 1.500 52 1.500 40z',
        colour,
        'tube',
      ) + ink.gloss('M17.500 68H20L20.500 128C19 129 18 129 17 128z', 0.6),
  },
  knife: {
    width: 34,
    height: 146,
    colours: ['#c5ccd3'],
    size: 1.25,
    draw: (ink, colour, { accent }) =>
      ink.body(
        'M7 96V4C7 1.500 9 1 11 2C24 14 32.500 40 32.500 70V90C32.500 94 30 96 26 96z',
        colour,
        'sheet',
      ) +
      ink.detail(
        'M24 30C28 44 30 58 30 72V90C30 93 28.500 94.500 26 94.500H22C26 74 27 50 24 30z',
        lighten(colour, 0.5),
      ) +
      ink.body(
        'M4 94H24L26 138C26 142 23 144.500 19 144.500H9C5 144.500 2.500 142 2.500 138z',
        darken(accent, 0.35),
        'tube',
      ) +
      ink.detail(oval(14, 106, 2.4), '#e6e8ea') +
      ink.detail(oval(14, 128, 2.4), '#e6e8ea'),
  },
};
