import type { Ink } from './ink.ts';

/** What an object carries beside its colour. */
export interface Details {
  /** What is inside a bottle or a jar, as a colour. */
  fill?: string;
  /** A second colour for lids, soles and straps. */
  accent: string;
}

/** An object that can be drawn: a box of its own units that the shape fills to the edges. */
export interface Drawing {
  width: number;
  height: number;
  /** The colours it has when nobody says; the seed picks one. */
  colours: readonly string[];
  /** How large it stands beside other things; an apple is 1. */
  size: number;
  /** Where a label would be written, in the same units, for things that have one. */
  label?: { x: number; y: number; width: number; height: number };
  draw(ink: Ink, colour: string, details: Details): string;
}

/** Objects by noun. */
export type Drawings = Readonly<Record<string, Drawing>>;
