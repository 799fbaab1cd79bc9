import { type Control, controlFor } from './control.ts';
import type { Item } from './items.ts';
import { Seeded } from './seeded.ts';

/** One line of a call: an item or the control question, with the id by which its answer is told. */
export type Line = { readonly id: string } & (
  | { readonly kind: 'item'; readonly item: Item }
  | { readonly kind: 'control'; readonly control: Control }
);

/** What a layout follows from, beside its items. */
export interface LayoutSeed {
  /** Digest of the picture and of the references. */
  readonly images: string;
  /** Which of the repeated asks it is, from 0. */
  readonly ask: number;
  /** Which attempt at it, from 0. */
  readonly attempt: number;
}

/** Multiples of it, without their whole parts, are spread evenly however many there are: the golden ratio. */
const GOLDEN = 0.618_034;

/**
 * The lines of one call: the items, of which there is at least one, rotated further with each repeated ask, since what stands first and last in a list is
 * answered otherwise than what stands between, and the control question somewhere among them.
 */
export function layOut(items: readonly Item[], { images, ask, attempt }: LayoutSeed): Line[] {
  const asked = items.map(({ form, text }) => `${form} ${text}`).join('\n');
  const start = new Seeded(`${images}/${asked}`).below(items.length);
  const first = (start + Math.floor(((ask * GOLDEN) % 1) * items.length)) % items.length;
  const rotated = [...items.slice(first), ...items.slice(0, first)];
  const seed = `${images}/${asked}/${ask}/${attempt}`;
  const place = new Seeded(`${seed}/place`).below(items.length + 1);
  const lines = rotated.map((item) => ({ kind: 'item', item }) as const);
  const control = { kind: 'control', control: controlFor(items, seed) } as const;
  return [...lines.slice(0, place), control, ...lines.slice(place)].map((line, index) => ({
    id: `q${index + 1}`,
    ...line,
  }));
}

/** Form and words of a line. */
export function wordsOf(line: Line): Pick<Item, 'form' | 'text'> {
  return line.kind === 'item' ? line.item : line.control;
}
