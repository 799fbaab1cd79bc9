import type { Item } from './items.ts';
import { Seeded } from './seeded.ts';

/** Colours that none of the things comes in by itself. */
const COLOURS = 'turquoise lilac violet magenta mint-green salmon-pink lime-green orchid'.split(' ');
const PATTERNS = ['chequered', 'striped', 'spotted'];
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
  'at the left edge',
  'at the right edge',
  'in a corner',
  'behind everything else',
];
const ONSETS = 'b br d dr f g gr h k kl l m n p pl r s st t tr v z'.split(' ');
const VOWELS = 'a e i o u'.split(' ');
const CODAS = 'l n r s th x nd rk lt m'.split(' ');

type Ask = (seeded: Seeded, avoided: string) => string;

/**
 * Ways to ask for what is certainly not there. Words and numbers are made up. A picture may well have a tuba beside a cello, or a
 * turquoise kayak, and an honest judge says so: things have two colours together that they never have.
 */
const YES_NO: readonly Ask[] = [
  (seeded, avoided) =>
    `Is there ${article(coloured(seeded))} ${thing(seeded, avoided)} ${seeded.one(PLACES)}?`,
  (seeded, avoided) => {
    const [first, second] = twoColours(seeded);
    const one = thing(seeded, avoided);
    const other = thing(seeded, `${avoided} ${one}`);
    return `Can ${article(`${first} ${one}`)} and ${article(`${second} ${other}`)} be seen side by side?`;
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
  return `How many ${coloured(seeded)} ${plural} can be seen in the picture?`;
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

function twoColours(seeded: Seeded): readonly [string, string] {
  const first = seeded.one(COLOURS);
  return [first, seeded.one(COLOURS.filter((colour) => colour !== first))];
}

/** `lilac and turquoise striped` */
function coloured(seeded: Seeded): string {
  return `${twoColours(seeded).join(' and ')} ${seeded.one(PATTERNS)}`;
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
