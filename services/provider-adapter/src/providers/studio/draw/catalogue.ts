import type { Drawing, Drawings } from './drawing.ts';
import { BAKERY } from './nouns/bakery.ts';
import { BERRIES } from './nouns/berries.ts';
import { FRUIT } from './nouns/fruit.ts';
import { FURNITURE } from './nouns/furniture.ts';
import { HOUSEHOLD } from './nouns/household.ts';
import { GENERIC_PACKAGE, PACKAGES } from './nouns/packages.ts';
import { TABLEWARE } from './nouns/tableware.ts';
import { VEGETABLES } from './nouns/vegetables.ts';

const ALL: Drawings = {
  ...FRUIT,
  ...BERRIES,
  ...VEGETABLES,
  ...BAKERY,
  ...PACKAGES,
  ...TABLEWARE,
  ...HOUSEHOLD,
  ...FURNITURE,
};

/** Every noun with a drawing of its own. */
export const DRAWN_NOUNS: readonly string[] = Object.keys(ALL);

/** The drawing of a noun; a labelled package for one that has none. */
export function drawingOf(noun: string): Drawing {
  const found = Object.hasOwn(ALL, noun) ? ALL[noun] : GENERIC_PACKAGE;
  if (!found) throw new RangeError(`no drawing for ${noun}`);
  return found;
}

/** Whether the noun is drawn as itself and not as a labelled package. */
export function isDrawn(noun: string): boolean {
  return Object.hasOwn(ALL, noun);
}

/** What things look like that fill a bottle, a jar, a cup or a can. */
const CONTENTS: Readonly<Record<string, string>> = {
  milk: '#f7f5ee',
  honey: '#e0a020',
  jam: '#b3242f',
  'strawberry jam': '#c02038',
  marmalade: '#ee8f1f',
  coffee: '#4b2c1a',
  tea: '#a85f22',
  'green tea': '#9fb24a',
  water: '#bfe3f2',
  oil: '#dcc046',
  'olive oil': '#b9b03c',
  wine: '#6b1430',
  'red wine': '#6b1430',
  'tomato sauce': '#c8321f',
  ketchup: '#c8201f',
  soup: '#d9772b',
  juice: '#f5a11f',
  'orange juice': '#f79a1c',
  'apple juice': '#d9b03a',
  lemonade: '#f4e98a',
  mustard: '#d9aa1f',
  pickles: '#7d9a3a',
  olives: '#6f7d2f',
  'peanut butter': '#b9803f',
  sugar: '#faf7ef',
  flour: '#f6f1e4',
  rice: '#f4efe0',
  yogurt: '#fbf8f2',
  yoghurt: '#fbf8f2',
  chocolate: '#5c3317',
  beer: '#d9982b',
  detergent: '#4a8fe0',
};

/** The colour of a filling, if it is known; a drawn noun lends its own. */
export function contentColour(content: string): string | undefined {
  const word = content.split(' ').at(-1) ?? content;
  const found = CONTENTS[content] ?? CONTENTS[word];
  return found ?? (isDrawn(content) ? drawingOf(content).colours[0] : undefined);
}
