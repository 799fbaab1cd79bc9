/** Something the prompt says. `clear` is false for vague words, which a later clear one replaces. */
export interface Told<T> {
  value: T;
  /** How strongly it is put: 0 plainly, 1 or more with "exactly", "must" or by being said again. */
  emphasis: number;
  clear: boolean;
}

export const BACKGROUND_KINDS = [
  'plain',
  'gradient',
  'studio',
  'wood',
  'marble',
  'kitchen',
  'market',
  'outdoor',
  'shelf',
  'room',
  'tiles',
  'gingham',
  'pattern',
  'confetti',
  'bokeh',
] as const;
/** What is behind the subject. */
export type BackgroundKind = (typeof BACKGROUND_KINDS)[number];

/** How the scene is lit. */
export type Lighting = 'soft' | 'studio' | 'bright' | 'dramatic' | 'backlit' | 'warm' | 'cool' | 'dim';

/** Where the subject sits. */
export type Position = 'centre' | 'left' | 'right' | 'top' | 'bottom';

/** What a prompt can rule out. `noun:x` rules out one object. */
export type Avoided =
  | 'clutter'
  | 'text'
  | 'shadow'
  | 'busy-background'
  | 'blur'
  | 'crop'
  | 'low-contrast'
  | 'off-centre'
  | 'gradient'
  | `noun:${string}`;

/** One kind of object that the prompt names. */
export interface SubjectReading {
  /** A key of the drawable nouns, or the word itself when nobody taught us to draw it. */
  noun: string;
  known: boolean;
  /** Members of a category ("fruit"), from which the scene picks. */
  members?: readonly string[];
  plural: boolean;
  count?: Told<number>;
  /** One hex colour for all, or several that alternate ("red and green apples"). */
  colours?: Told<readonly string[]>;
  /** What fills a bottle, jar or bowl ("of honey"). */
  content?: string;
  /** The noun of the vessel it lies in or on. */
  container?: string;
}

/** Where a piece of text goes. */
export type TextPlace = 'top' | 'bottom' | 'centre' | 'banner' | 'label';

/** Words that must be written in the picture. */
export interface TextReading {
  lines: readonly string[];
  place?: TextPlace;
  colour?: string;
  size: 'small' | 'normal' | 'large';
  emphasis: number;
}

/** All that a prompt says, and nothing that it leaves open. */
export interface PromptReading {
  subjects: SubjectReading[];
  /** "Exactly three objects": how many altogether, whatever they are. */
  total?: Told<number>;
  /** A colour for the subject said apart from its noun ("the dominant colour must be red"). */
  subjectColour?: Told<string>;
  background?: Told<BackgroundKind>;
  backgroundColour?: Told<string>;
  transparent?: Told<true>;
  lighting?: Told<Lighting>;
  position?: Told<Position>;
  /** Share of the frame that the subject should take, 0 to 1. */
  fill?: Told<number>;
  shading?: Told<'flat' | 'shaded'>;
  focus?: Told<'sharp' | 'soft'>;
  texts: TextReading[];
  avoid: Map<Avoided, Told<true>>;
}

/** Keeps the later of two statements unless it is the vaguer one; saying it again makes it stronger. */
export function tell<T>(before: Told<T> | undefined, now: Told<T>): Told<T> {
  if (!before) return now;
  if (before.clear && !now.clear) return before;
  const same = JSON.stringify(before.value) === JSON.stringify(now.value);
  return same ? { ...now, emphasis: Math.max(before.emphasis, now.emphasis) + 1 } : now;
}
