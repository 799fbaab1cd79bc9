/** What a tile of a shop is asked with. */
export interface Tile {
  readonly item: string;
  readonly count: number;
  readonly background: string;
}

const KINDS = [
  'red',
  'green',
  'small',
  'large',
  'organic',
  'sliced',
  'whole',
  'striped',
  'round',
  'long',
  'wild',
  'dried',
];
const THINGS = [
  'apples',
  'pears',
  'jars of honey',
  "bakers' loaves",
  'trainers (size 42)',
  '500 ml bottles',
  'crème brûlées',
  'T-shirts',
  'USB-C cables',
  'plates & bowls',
  'tins of "Alfonso" mangoes',
  'jalapeños',
  'lamps',
  'chairs',
  'sponges',
  'candles',
  'cushions',
  '½-litre cartons',
  'notebooks A5',
  'umbrellas',
];
const GROUNDS = ['white', 'cream', 'light blue', 'light green', 'lavender', '#cfe6f7', 'mint', 'peach'];

/**
 * So many briefs of tiles, each with an item of its own, as a shop's spreadsheet has them: with quotes, brackets, umlauts and
 * figures in the names. The same seed gives the same briefs.
 */
export function seededTiles(count: number, seed: number): Tile[] {
  const random = mulberry32(seed);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const items = new Set<string>();
  while (items.size < count) items.add(`${pick(KINDS)} ${pick(THINGS)}`);
  return [...items].map((item) => ({ item, count: 1 + Math.floor(random() * 6), background: pick(GROUNDS) }));
}

/** A small seeded generator of numbers from 0 to 1 (Mulberry32, by Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
