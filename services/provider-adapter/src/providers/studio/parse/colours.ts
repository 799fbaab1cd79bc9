import { darken, lighten, mix } from '../colour.ts';

/** Everyday colour words. White, black and the paint-card words are the CSS values; the rest are as printed matter has them. */
const NAMED: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  grey: '#8c8c8c',
  gray: '#8c8c8c',
  silver: '#c0c0c0',
  charcoal: '#36454f',
  red: '#dc1f26',
  crimson: '#dc143c',
  scarlet: '#ff2400',
  maroon: '#800000',
  burgundy: '#800020',
  orange: '#ff8c00',
  amber: '#ffbf00',
  yellow: '#ffd91a',
  gold: '#e6b422',
  golden: '#e6b422',
  mustard: '#e1ad01',
  green: '#2e9b3a',
  lime: '#8fce00',
  mint: '#b5ead7',
  olive: '#808000',
  sage: '#b2ac88',
  teal: '#008080',
  turquoise: '#40e0d0',
  aqua: '#5fd9e0',
  cyan: '#00bcd4',
  blue: '#1f5fd0',
  navy: '#000080',
  azure: '#3a86ff',
  indigo: '#4b0082',
  purple: '#7b2cbf',
  violet: '#8f4fd6',
  lavender: '#e6e6fa',
  lilac: '#c8a2c8',
  magenta: '#d81b93',
  pink: '#ff8fb3',
  rose: '#e8637a',
  coral: '#ff7f50',
  salmon: '#fa8072',
  peach: '#ffcba4',
  brown: '#8b5a2b',
  chocolate: '#5c3317',
  tan: '#d2b48c',
  beige: '#f5f5dc',
  cream: '#fffdd0',
  ivory: '#fffff0',
  terracotta: '#e2725b',
};

/** Two-word names whose value is not the modifier applied to the base. */
const PAIRS: Readonly<Record<string, string>> = {
  'off white': '#faf9f6',
  'sky blue': '#87ceeb',
  'light blue': '#add8e6',
  'light grey': '#d3d3d3',
  'light gray': '#d3d3d3',
  'pale grey': '#e5e5e5',
  'pale gray': '#e5e5e5',
  'navy blue': '#000080',
  'royal blue': '#4169e1',
  'mint green': '#98e8c1',
  'forest green': '#228b22',
  'lime green': '#32cd32',
  'olive green': '#708238',
  'hot pink': '#ff69b4',
  'warm white': '#fdf6e9',
  'warm grey': '#cfc8bf',
  'warm gray': '#cfc8bf',
  'lemon yellow': '#fff44f',
};

const MODIFIERS: Readonly<Record<string, (colour: string) => string>> = {
  light: (colour) => lighten(colour, 0.5),
  pale: (colour) => lighten(colour, 0.65),
  pastel: (colour) => lighten(colour, 0.6),
  soft: (colour) => lighten(colour, 0.4),
  dark: (colour) => darken(colour, 0.45),
  deep: (colour) => darken(colour, 0.3),
  muted: (colour) => mix(colour, '#999999', 0.4),
  dusty: (colour) => mix(colour, '#aaaaaa', 0.45),
  bright: (colour) => colour,
  vivid: (colour) => colour,
  vibrant: (colour) => colour,
  pure: (colour) => colour,
  warm: (colour) => mix(colour, '#ffb060', 0.12),
  cool: (colour) => mix(colour, '#60a0ff', 0.12),
};

/** A colour found in a list of words, and how many words it took. */
export interface FoundColour {
  hex: string;
  length: number;
}

/** The colour that starts at `index`, if one does: a hex value, a modified name or a name. Words are lower case. */
export function colourAt(words: readonly string[], index: number): FoundColour | undefined {
  const word = words[index] ?? '';
  if (/^#([0-9a-f]{6}|[0-9a-f]{3})$/.test(word)) return { hex: expand(word), length: 1 };
  const next = words[index + 1] ?? '';
  const pair = PAIRS[`${word} ${next}`] ?? PAIRS[word.replace('-', ' ')];
  if (pair) return { hex: pair, length: PAIRS[`${word} ${next}`] ? 2 : 1 };
  const modifier = Object.hasOwn(MODIFIERS, word) ? MODIFIERS[word] : undefined;
  if (modifier && Object.hasOwn(NAMED, next)) return { hex: modifier(NAMED[next] ?? '#000000'), length: 2 };
  const joined = /^(light|pale|dark|deep|pastel|bright)-([a-z]+)$/.exec(word);
  const base = joined?.[2] && Object.hasOwn(NAMED, joined[2]) ? NAMED[joined[2]] : undefined;
  if (joined && base) return { hex: MODIFIERS[joined[1] ?? '']?.(base) ?? base, length: 1 };
  const plain = word.replace(/-(?:coloured|colored)$/, '').replace(/(?<=[a-z]{3})ish$/, '');
  if (Object.hasOwn(NAMED, plain)) return { hex: NAMED[plain] ?? '#000000', length: 1 };
  return undefined;
}

/** The first colour anywhere in the words. */
export function firstColour(words: readonly string[]): string | undefined {
  const exact = words.find((word) => /^#([0-9a-f]{6}|[0-9a-f]{3})$/.test(word));
  if (exact) return expand(exact);
  for (let index = 0; index < words.length; index += 1) {
    const found = colourAt(words, index);
    if (found) return found.hex;
  }
  return undefined;
}

/** Whether the word alone can colour something; "orange" and "peach" are also fruit, which the caller decides. */
export function isColourWord(word: string): boolean {
  return Object.hasOwn(NAMED, word) || Object.hasOwn(MODIFIERS, word) || word.startsWith('#');
}

function expand(hex: string): string {
  return hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex;
}
