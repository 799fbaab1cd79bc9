import { darken, lighten } from '../../colour.ts';
import type { Drawings } from '../drawing.ts';
import { oval } from '../ink.ts';

const GREEN = '#3f8f3a';

export const VEGETABLES: Drawings = {
  tomato: {
    width: 100,
    height: 92,
    colours: ['#dd3322', '#d62b23'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(
        'M50 16C66 8 98.500 18 98.500 50C98.500 78 76 90.500 50 90.500C24 90.500 1.500 78 1.500 50C1.500 18 34 8 50 16z',
        colour,
        'round',
      ) +
      ink.body(
        'M50 20C43 15 33 15 25 19C32 21 36 24 38 29C42 28 46 27 48 25C48 31 50 36 53 39C55 34 56 29 56 25C61 28 67 29 74 28C71 22 68 19 62 17C58 16 54 17 50 20z',
        GREEN,
        'sheet',
        1.2,
      ) +
      ink.rod('M50 20C49 13 51 8 55 4', GREEN, 3.2) +
      ink.gloss('M13 48C15 36 21 29 29 26C23 33 20 41 19 52C18 57 12 55 13 48z', 0.5),
  },
  carrot: {
    width: 60,
    height: 136,
    colours: ['#f0801f', '#ec7418'],
    size: 1.3,
    draw: (ink, colour) =>
      ink.rod('M30 48C26 32 14 22 6 16', GREEN, 5) +
      ink.rod('M30 48C30 32 29 18 31 5', GREEN, 5) +
      ink.rod('M30 48C34 32 44 22 54 14', GREEN, 5) +
      ink.body(
        'M30 40C44 38 54 46 52 60C49 86 38 116 31 133C30 135.500 28 135.500 27 133C21 116 10 86 8 60C6 46 16 38 30 40z',
        colour,
        'tube',
      ) +
      ink.stroke('M11 64H24M37 72H49M15 86H26M34 98H43M21 108H29', darken(colour, 0.25), 2),
  },
  potato: {
    width: 108,
    height: 80,
    colours: ['#c9a063', '#bf9457'],
    size: 0.95,
    draw: (ink, colour) =>
      ink.body(
        'M4 46C0 22 24 4 50 2C80 0 106 14 106.500 40C107 66 82 79 54 78.500C28 78 8 68 4 46z',
        colour,
        'round',
      ) +
      [
        [30, 30],
        [56, 22],
        [78, 44],
        [44, 56],
        [66, 64],
        [22, 50],
      ]
        .map(([x = 0, y = 0]) => ink.stroke(`M${x - 3} ${y}q3 3 6 0`, darken(colour, 0.35), 1.8))
        .join(''),
  },
  onion: {
    width: 92,
    height: 104,
    colours: ['#c98436', '#a23a63'],
    size: 0.9,
    draw: (ink, colour) =>
      ink.body(
        'M44 4C48 1 52 2 53 6C54 18 60 26 72 34C86 43 90.500 54 90.500 66C90.500 86 70 99 46 99C22 99 1.500 86 1.500 66C1.500 54 6 43 20 34C34 26 42 18 44 4z',
        colour,
        'round',
      ) +
      ink.stroke(
        'M47 16C44 34 22 46 18 68C17 78 22 88 30 94M49 16C50 40 46 60 46 96M51 16C56 36 72 46 76 68C77 78 72 88 62 94',
        darken(colour, 0.22),
        1.7,
      ) +
      ink.stroke('M40 99L37 103M46 99V103M52 99L55 103', '#8a6b3f', 1.6) +
      ink.gloss('M12 66C13 56 18 48 26 44C21 51 19 58 18 68C17 73 11 72 12 66z', 0.4),
  },
  garlic: {
    width: 86,
    height: 98,
    colours: ['#f1ece0', '#ece4ea'],
    size: 0.65,
    draw: (ink, colour) =>
      ink.body(
        'M39 3H49C48 18 52 26 64 36C78 46 84.500 56 84.500 68C84.500 86 66 96.500 43 96.500C20 96.500 1.500 86 1.500 68C1.500 56 8 46 22 36C34 26 40 18 39 3z',
        colour,
        'round',
      ) + ink.stroke('M42 30C30 46 24 66 30 92M46 30C58 46 62 66 56 92M44 30V95', darken(colour, 0.25), 1.6),
  },
  pepper: {
    width: 88,
    height: 102,
    colours: ['#d9301f', '#f2bf1c', '#3c9a3a'],
    size: 1.05,
    draw: (ink, colour) =>
      ink.rod('M44 22C43 14 46 8 52 4', GREEN, 5) +
      ink.body(
        'M44 24C56 14 86.500 16 86.500 46C86.500 66 78 98 62 100C54 101 50 96 44 96C38 96 34 101 26 100C10 98 1.500 66 1.500 46C1.500 16 32 14 44 24z',
        colour,
        'round',
      ) +
      ink.stroke('M38 26C28 44 28 72 34 95M50 26C60 44 60 72 54 95', darken(colour, 0.25), 1.9) +
      ink.detail('M32 23C38 18 50 18 56 23C52 27 48 28 44 28C40 28 36 27 32 23z', GREEN) +
      ink.gloss('M12 44C13 34 18 29 25 27C20 34 18 42 18 52C17 58 11 54 12 44z'),
  },
  chilli: {
    width: 128,
    height: 52,
    colours: ['#d3202a', '#3c9a3a'],
    size: 0.85,
    draw: (ink, colour) =>
      ink.rod('M24 16C16 14 10 10 4 5', GREEN, 4.5) +
      ink.body(
        'M26 8C44 2 70 12 88 26C102 37 116 42 126.500 40C118 51 96 53 76 48C52 42 28 36 22 24C20 17 21 11 26 8z',
        colour,
        'sheet',
      ) +
      ink.detail('M22 24C19 16 22 9 28 7.500C30 12 30 20 26 29C24 28 23 26 22 24z', GREEN) +
      ink.gloss('M36 16C52 14 70 24 84 34C68 30 52 24 36 22z', 0.4),
  },
  broccoli: {
    width: 100,
    height: 104,
    colours: ['#3f8a34', '#357d31'],
    size: 1.05,
    draw: (ink, colour) =>
      ink.body(
        'M36 56L30 50L42 98C43 102 57 102 58 98L70 50L62 56L54 46H46z',
        lighten(colour, 0.42),
        'tube',
      ) +
      [
        [20, 44, 18.5],
        [80, 44, 18.5],
        [34, 26, 19],
        [66, 26, 19],
        [50, 18, 16.5],
        [36, 48, 16],
        [64, 48, 16],
        [50, 42, 18],
      ]
        .map(([x = 0, y = 0, r = 0]) => ink.body(oval(x, y, r), colour, 'round', 1.2))
        .join('') +
      [
        [22, 38],
        [36, 22],
        [52, 14],
        [68, 24],
        [82, 40],
        [50, 36],
        [38, 46],
        [62, 46],
      ]
        .map(([x = 0, y = 0]) => ink.detail(oval(x, y, 3), lighten(colour, 0.25)))
        .join(''),
  },
  cucumber: {
    width: 136,
    height: 46,
    colours: ['#3f8a3a', '#4b9440'],
    size: 1.25,
    draw: (ink, colour) =>
      ink.body(
        'M20 3C50 -1 90 0 116 4C130 7 134.500 16 134.500 24C134.500 34 128 41 114 43C88 46 50 46 22 43C8 41 1.500 33 1.500 23C1.500 13 8 5 20 3z',
        colour,
        'sheet',
      ) +
      ink.stroke('M16 14H118M12 23H124M16 32H118', lighten(colour, 0.25), 2) +
      ink.gloss('M22 8C50 5 90 5 112 9C90 10 50 10 24 13z', 0.35),
  },
  aubergine: {
    width: 76,
    height: 124,
    colours: ['#4b2161', '#552868'],
    size: 1.25,
    draw: (ink, colour) =>
      ink.body(
        'M38 24C52 22 56 34 58 46C60 60 74.500 72 74.500 92C74.500 112 58 122.500 38 122.500C18 122.500 1.500 112 1.500 92C1.500 72 16 60 18 46C20 34 24 22 38 24z',
        colour,
        'round',
      ) +
      ink.body(
        'M38 20C46 18 58 24 62 36C56 34 52 38 50 44C46 38 42 36 38 36C34 36 30 38 26 44C24 38 20 34 14 36C18 24 30 18 38 20z',
        GREEN,
        'sheet',
        1.2,
      ) +
      ink.rod('M38 21C37 14 40 8 46 4', GREEN, 4.5) +
      ink.gloss('M13 90C14 76 26 68 29 56C29 68 21 78 20 94C19 99 13 97 13 90z', 0.35),
  },
  mushroom: {
    width: 100,
    height: 92,
    colours: ['#d9c3a5', '#b98f66', '#efe6d8'],
    size: 0.75,
    draw: (ink, colour) =>
      ink.body(
        'M36 46C37 62 34 76 31 84C30 89 36 90.500 50 90.500C64 90.500 70 89 69 84C66 76 63 62 64 46z',
        '#f0e6d4',
        'tube',
      ) +
      ink.body(
        'M1.500 46C2 20 24 1.500 50 1.500C76 1.500 98 20 98.500 46C98.500 54 92 55 86 54C70 50 30 50 14 54C8 55 1.500 54 1.500 46z',
        colour,
        'round',
      ) +
      ink.gloss('M14 40C17 26 27 17 38 14C29 21 23 30 21 41C20 45 13 45 14 40z', 0.4),
  },
  corn: {
    width: 62,
    height: 128,
    colours: ['#f5cf3a', '#f2c530'],
    size: 1.25,
    draw: (ink, colour) =>
      ink.body(
        'M31 1.500C44 6 50 30 50 56C50 84 44 104 31 112C18 104 12 84 12 56C12 30 18 6 31 1.500z',
        colour,
        'tube',
      ) +
      ink.stroke('M22 14V106M31 5V110M40 14V106', darken(colour, 0.2), 1.5) +
      ink.stroke(
        'M17 22H45M14 34H48M13 46H49M13 58H49M13 70H49M15 82H47M18 94H44',
        darken(colour, 0.2),
        1.5,
      ) +
      ink.body('M31 126C12 122 1.500 98 3 58C12 70 22 88 31 118z', '#6fae3c', 'sheet') +
      ink.body('M31 126C50 122 60.500 98 59 58C50 70 40 88 31 118z', '#5f9e35', 'sheet'),
  },
  pumpkin: {
    width: 118,
    height: 98,
    colours: ['#e87a1e', '#e0701a'],
    size: 1.5,
    draw: (ink, colour) =>
      ink.rod('M59 22C58 14 60 8 67 4', '#5d6b2c', 7) +
      ink.body(oval(28, 58, 26.5, 36), colour, 'round') +
      ink.body(oval(90, 58, 26.5, 36), colour, 'round') +
      ink.body(oval(43, 58, 26, 38.5), colour, 'round') +
      ink.body(oval(75, 58, 26, 38.5), colour, 'round') +
      ink.body(oval(59, 58, 21, 38.5), colour, 'round') +
      ink.gloss('M48 42C49 34 52 28 57 26C54 34 53 42 53 52z', 0.35),
  },
  lettuce: {
    width: 108,
    height: 98,
    colours: ['#7fbf4a', '#6fb344'],
    size: 1.3,
    draw: (ink, colour) =>
      ink.body(
        'M10 70C-4 56 4 40 14 38C10 22 28 12 38 18C44 2 66 0 72 16C84 8 100 20 95 36C106 42 110 58 98 70C96 88 76 97 54 96.500C32 97 12 88 10 70z',
        colour,
        'round',
      ) +
      ink.body(
        'M24 66C16 50 26 36 40 38C46 24 66 26 70 38C84 36 92 50 84 66C78 82 66 88 54 88C42 88 30 82 24 66z',
        lighten(colour, 0.25),
        'round',
        1.2,
      ) +
      ink.stroke(
        'M54 88V44M54 76C46 68 40 60 38 50M54 76C62 68 68 60 70 50M54 62L48 50M54 62L60 50',
        lighten(colour, 0.6),
        2.2,
      ),
  },
};
