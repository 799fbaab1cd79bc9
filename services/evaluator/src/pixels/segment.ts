import { attachedShadow, isCastShadow } from './cast-shadow.ts';
import {
  type Component,
  type Components,
  connected,
  cutBorderLines,
  fillHoles,
  opened,
} from './components.ts';
import { findEdges } from './edges.ts';
import { floodGround, Label } from './flood.ts';
import type { Raster } from './raster.ts';
import { type Ring, readRing } from './ring.ts';

/** What a pixel of a segmentation is. A hole is ground seen through an object: part of its outline. */
export const Pixel = { GROUND: 0, OBJECT: 1, SHADOW: 2, HOLE: 3 } as const;

/** A picture split into background and separate objects, on the working raster. */
export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** One `Pixel` value for each pixel. */
  readonly plane: Uint8Array;
  /** Objects of at least `smallestObject` of the frame, largest first, cast shadows left out. */
  readonly objects: readonly Component[];
  /** Which object covers a pixel: `Component.id`, 0 for none. */
  readonly owner: Int32Array;
  /** The objects as a stricter and a laxer reading of the background give them; none where trust is low. */
  readonly alternatives: readonly (readonly Component[])[];
  readonly background: {
    /** Whether the picture is cut out: most of its border is transparent. */
    readonly transparent: boolean;
    /** See `Ring`; for a cut-out the transparent share of the border. */
    readonly plainness: number;
    readonly noise: number;
    /** Share of the frame that is ground or shadow. */
    readonly share: number;
  };
  /**
   * How far the split can be relied on, 0 to 1: the product of how well even grounds explain the border, how
   * little of what stands out is mere specks, and whether any ground is left. Below `trustworthy` a check
   * that needs the split says that it cannot judge.
   */
  readonly trust: number;
}

/** Share of the frame below which a piece is a speck and no object. */
export const smallestObject = 0.0015;

/** Least `Segmentation.trust` on which a check relies. */
export const trustworthy = 0.5;

/** A border position is transparent below this alpha, of 255. */
const seeThrough = 32;

/** Tolerances of the stricter and the laxer reading relative to the main one. */
const otherReadings = [0.6, 1.7] as const;

/** 0 below `low`, 1 above `high`, smooth between. */
function ramp(x: number, low: number, high: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

interface Reading {
  plane: Uint8Array;
  pieces: Components;
  objects: readonly Component[];
}

/** A soft line between two grounds is at most this thick, in pixels of the working raster. */
const lineThickness = 7;

/** Turns ground labels into objects: opening, lines cut, holes filled, pieces, and cast shadows taken out. */
function readObjects(labels: Uint8Array, oklab: Float32Array, raster: Raster): Reading {
  const { width, height } = raster;
  const unknown = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) if (labels[i] === Label.UNKNOWN) unknown[i] = 1;
  const solid = cutBorderLines(opened(unknown, width, height, 1), width, height, lineThickness);
  const least = smallestObject * labels.length;
  let pieces = connected(fillHoles(solid, width, height), width, height);
  let peeled = false;
  for (const piece of pieces.list) {
    if (piece.area < least) break;
    for (const i of attachedShadow(piece, pieces.plane, labels, oklab, width)) {
      labels[i] = Label.SHADOW;
      solid[i] = 0;
      peeled = true;
    }
  }
  if (peeled) pieces = connected(fillHoles(opened(solid, width, height, 1), width, height), width, height);
  const plane = new Uint8Array(labels.length);
  for (let i = 0; i < plane.length; i++) {
    if (pieces.plane[i] !== 0) plane[i] = solid[i] === 1 ? Pixel.OBJECT : Pixel.HOLE;
    else plane[i] = labels[i] === Label.SHADOW ? Pixel.SHADOW : Pixel.GROUND;
  }
  const large = pieces.list.filter((piece) => piece.area >= least);
  const objects = large.filter((piece) => !isCastShadow(piece, large, pieces.plane, labels, oklab, width));
  const kept = new Set(objects.map((object) => object.id));
  const fallen = new Set(large.filter((piece) => !kept.has(piece.id)).map((piece) => piece.id));
  for (let i = 0; i < plane.length; i++) if (fallen.has(pieces.plane[i] as number)) plane[i] = Pixel.SHADOW;
  return { plane, pieces, objects };
}

function transparentBorder(raster: Raster): number {
  const { width, height, data } = raster;
  let clear = 0;
  let total = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) {
      total++;
      if ((data[4 * (y * width + x) + 3] as number) < seeThrough) clear++;
    }
  }
  return clear / total;
}

/** In a cut-out the alpha channel is the segmentation; what is faint (a soft shadow) is not object. */
function alphaLabels(raster: Raster, threshold: number): Uint8Array {
  return Uint8Array.from({ length: raster.width * raster.height }, (_, i) => {
    const alpha = raster.data[4 * i + 3] as number;
    if (alpha >= threshold) return Label.UNKNOWN;
    return alpha >= seeThrough ? Label.SHADOW : Label.GROUND;
  });
}

function trustOf(reading: Reading, ring: Pick<Ring, 'explained'>): number {
  const count = reading.plane.length;
  let standing = 0;
  let small = 0;
  for (const piece of reading.pieces.list) {
    standing += piece.area;
    if (piece.area < smallestObject * count) small += piece.area;
  }
  const specks = small / Math.max(1, standing);
  const ground = 1 - standing / count;
  return (
    ramp(ring.explained, 0.45, 0.75) *
    (1 - ramp(specks, 0.15, 0.5)) *
    ramp(ground, 0.02, 0.08) *
    (1 - ramp(reading.objects.length, 25, 60))
  );
}

/** Splits a picture into background and objects. Pure and deterministic. */
export function segment(raster: Raster, oklab: Float32Array): Segmentation {
  const { width, height } = raster;
  const clear = transparentBorder(raster);
  const transparent = clear >= 0.5;
  const ring: Pick<Ring, 'explained' | 'plainness' | 'noise'> & Partial<Ring> = transparent
    ? { explained: 1, plainness: clear, noise: 0 }
    : readRing(oklab, width, height);
  const edges = findEdges(oklab, width, height, ring.noise);
  const tolerance = Math.min(10, 3 + 3 * ring.noise);
  const read = (factor: number) => {
    const labels = transparent
      ? alphaLabels(raster, 128 * Math.sqrt(factor))
      : floodGround(oklab, width, height, ring as Ring, edges, tolerance * factor);
    return readObjects(labels, oklab, raster);
  };
  const main = read(1);
  const trust = trustOf(main, ring);
  // Where the main reading cannot be relied on, nobody asks for the others.
  const others = trust < trustworthy ? [] : otherReadings.map(read);
  let covered = 0;
  for (const pixel of main.plane) if (pixel === Pixel.OBJECT || pixel === Pixel.HOLE) covered++;
  return {
    width,
    height,
    plane: main.plane,
    objects: main.objects,
    owner: main.pieces.plane,
    alternatives: others.map((reading) => reading.objects),
    background: {
      transparent,
      plainness: ring.plainness,
      noise: ring.noise,
      share: 1 - covered / main.plane.length,
    },
    trust,
  };
}
