import type { Item } from './items.ts';
import { Seeded } from './seeded.ts';

const COLOURS = 'turquoise lilac maroon mustard-yellow silver violet copper emerald beige crimson'.split(' ');
const THINGS = [
  'accordion anvil abacus bagpipe birdcage cello crossbow dartboard gramophone harp harpoon hourglass kayak loom',
  'metronome microscope periscope saxophone scarecrow sextant spinning-wheel sundial telescope trombone tuba typewriter',
  'umbrella-stand unicycle weathervane wheelbarrow xylophone',
]
  .join(' ')
  .split(' ')
  .map((word) => word.replace('-', ' '));
const PLACES = [
  'in the foreground',
  'in the background',
  'at the left edge of the picture',
  'at the right edge of the picture',
  'in a corner of the picture',
  'behind everything else',
];
const ONSETS = 'b br d dr f g gr h k kl l m n p pl r s st t tr v z'.split(' ');
const VOWELS = 'a e i o u'.split(' ');
const CODAS = 'l n r s th x nd rk lt m'.split(' ');

type Ask = (seeded: Seeded, avoided: string) => string;

/** Ways to ask for what is certainly not there. Words and numbers are made up, things are of a kind that no brief has together. */
const YES_NO: readonly Ask[] = [
  (seeded, avoided) =>
    `Is there ${article(seeded.one(COLOURS))} ${thing(seeded, avoided)} ${seeded.one(PLACES)}?`,
  (seeded, avoided) => {
    const first = thing(seeded, avoided);
    return `Can ${article(first)} and ${article(thing(seeded, `${avoided} ${first}`))} be seen side by side?`;
  },
  (seeded) => `Does the word "${madeUpWord(seeded)}" appear in the picture?`,
  (seeded) => `Is the logo of the company ${capital(madeUpWord(seeded))} visible?`,
  (seeded) => `Is there a label with the number ${10_000 + seeded.below(90_000)} on it?`,
  (seeded) => `Is the picture signed by ${seeded.one([...'ABDEHJKLMR'])}. ${capital(madeUpWord(seeded))}?`,
];

/** Where numbers alone are asked for, so is one that is 0. */
const COUNT: Ask = (seeded, avoided) => {
  const counted = thing(seeded, avoided);
  const plural = `${counted}${counted.endsWith('s') ? 'es' : 's'}`;
  return `How many ${seeded.one(COLOURS)} ${plural} can be seen in the picture?`;
};

/** A question that is asked beside others to find out whether the answers can be trusted. */
export interface Control {
  readonly form: 'yes_no' | 'count';
  readonly text: string;
}

/**
 * A question whose answer is "no" (or 0) for certain, and which reads like any other. It follows from the seed, which holds
 * the digest of the picture, so that whoever makes the picture cannot know it beforehand. Nothing that the items speak of
 * occurs in it. A judge that says yes to it says yes to everything, or does what the picture told it to.
 */
export function controlFor(items: readonly Item[], seed: string): Control {
  const seeded = new Seeded(`${seed}/control`);
  const avoided = items.map(({ text, secret }) => `${text} ${secret}`).join(' ');
  if (items.every(({ form }) => form === 'count')) return { form: 'count', text: COUNT(seeded, avoided) };
  return { form: 'yes_no', text: seeded.one(YES_NO)(seeded, avoided) };
}

function thing(seeded: Seeded, avoided: string): string {
  const words = avoided.toLowerCase();
  const free = THINGS.filter((name) => !words.includes(name));
  return seeded.one(free.length === 0 ? THINGS : free);
}

function madeUpWord(seeded: Seeded): string {
  const syllable = () => seeded.one(ONSETS) + seeded.one(VOWELS);
  return `${syllable()}${syllable()}${syllable()}${seeded.one(CODAS)}`;
}

function article(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
