import type { Plan } from './plan.ts';

/** A box in pixels, from the top left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An object at its place. */
export interface PlacedObject extends Box {
  noun: string;
  colour: string;
  accent: string;
  fill?: string;
  label?: string;
  /** Degrees clockwise. */
  turn: number;
  /** What lies in it, drawn above its rim. */
  holds?: { noun: string; colours: readonly string[]; accent: string; count: number };
}

/** A block of text at its place; (x, y) is the middle. */
export interface PlacedText {
  lines: readonly string[];
  x: number;
  y: number;
  /** The em size in pixels. */
  size: number;
  colour: string;
  /** A solid ground behind it, where what is there would swallow it. */
  band?: Box & { colour: string };
}

/** A picture ready to be drawn. */
export interface Scene
  extends Pick<
    Plan,
    'background' | 'transparent' | 'lighting' | 'shading' | 'shadow' | 'softness' | 'contrast'
  > {
  width: number;
  height: number;
  objects: PlacedObject[];
  clutter: PlacedObject[];
  texts: PlacedText[];
  /** Names the random stream of the background's details. */
  stream: string;
}
