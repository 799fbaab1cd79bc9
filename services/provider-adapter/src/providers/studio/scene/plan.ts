import type { BackgroundKind, Lighting, TextPlace } from '../parse/reading.ts';

/** One instruction or open choice, and how it went. */
export interface Decision {
  /** What it was about: "count", "background", "clutter" and so on. */
  about: string;
  /** Whether the prompt said it or left it open. */
  source: 'told' | 'open';
  /** Honoured if told; chosen well if open. */
  kept: boolean;
}

/** Objects of one kind that will be in the picture. */
export interface PlannedGroup {
  noun: string;
  count: number;
  /** One colour for all, or several that alternate. */
  colours: readonly string[];
  accent: string;
  /** The colour of what fills it. */
  fill?: string;
  /** Words on its label. */
  label?: string;
  /** A bowl, basket or plate that all of the group lies in. */
  container?: { noun: string; colour: string };
}

/** Words that will be written, as they will be written: misspelt if the model failed. */
export interface PlannedText {
  lines: readonly string[];
  place: TextPlace;
  colour?: string;
  size: 'small' | 'normal' | 'large';
  /** Too little contrast to read well. */
  faint: boolean;
}

/** Everything that was decided before anything is placed. */
export interface Plan {
  groups: PlannedGroup[];
  background: { kind: BackgroundKind | 'checker'; colour: string };
  transparent: boolean;
  lighting: Lighting;
  shading: 'flat' | 'shaded';
  /** Where the middle of the subject is meant to be, as shares of the free area. */
  anchor: readonly [number, number];
  /** Share of the frame that the subject is meant to take. */
  fill: number;
  cropped: boolean;
  crowded: boolean;
  /** How many things nobody asked for. */
  clutter: number;
  shadow: boolean;
  /** 0 sharp to 1 very soft. */
  softness: number;
  /** 1 full range; less is washed out. */
  contrast: number;
  texts: PlannedText[];
  decisions: Decision[];
}
