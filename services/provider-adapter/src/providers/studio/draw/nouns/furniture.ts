import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { block, oval } from '../ink.ts';

const WOOD = '#b98149';

/** What stands about in a room. */
export const FURNITURE: Drawings = {
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
};
