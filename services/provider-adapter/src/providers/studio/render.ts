import type { Pixels, StudioFormat } from './draw/raster.ts';
import { encode, rasterise } from './draw/raster.ts';
import { editImage } from './edit/edit.ts';
import { parsePrompt } from './parse/prompt.ts';
import type { PromptReading } from './parse/reading.ts';
import { composeScene } from './scene/compose.ts';
import { decideScene } from './scene/decide.ts';
import type { Decision, Plan } from './scene/plan.ts';
import type { Scene } from './scene/scene.ts';
import type { StudioModelTraits } from './traits.ts';

export type { StudioFormat } from './draw/raster.ts';
export type { StudioModelTraits } from './traits.ts';

/** Both sides of a picture lie within these bounds, in pixels. */
export const STUDIO_SIZE = { min: 256, max: 2048 } as const;

/** One picture to make, or one to change. */
export interface StudioRequest {
  prompt: string;
  /** Read only by models that take one. */
  negativePrompt?: string;
  /** Pixels, within `STUDIO_SIZE`. */
  width: number;
  height: number;
  seed: bigint | number;
  background?: 'opaque' | 'transparent';
  /** A style in words, read before the prompt, which may overrule it. */
  style?: string;
  /** Fewer than twenty leave the picture less careful; more change nothing. */
  steps?: number;
  /** The cfg scale, about 1 to 20; 7 is neutral, more listens better. */
  guidance?: number;
  format: StudioFormat;
  /** Quality of a lossy format, 0 (smallest) to 100 (best). */
  compression?: number;
  /** A picture to change. `strength` is how far to go from it: 0 keeps it, 1 ignores it. */
  init?: { image: Buffer; strength: number };
  /** With `init`: white is painted anew, black is kept. Scaled to the size of the picture. */
  mask?: Buffer;
}

/** What was understood and decided. For tests and logs: it must never leave the provider. */
export interface SceneSummary {
  reading: PromptReading;
  plan: Plan;
  scene: Scene;
  decisions: readonly Decision[];
}

/** A finished file. */
export interface StudioImage {
  bytes: Buffer;
  mediaType: string;
  width: number;
  height: number;
  understood: SceneSummary;
}

/** Reads the prompt and decides and places the scene, without drawing it. Pure and fast. */
export function planStudioImage(traits: StudioModelTraits, request: StudioRequest): SceneSummary {
  const negative = traits.supportsNegativePrompt ? request.negativePrompt : undefined;
  const reading = parsePrompt(request.prompt, negative, request.style);
  const { seed, background, format, guidance, steps } = request;
  const plan = decideScene(traits, reading, {
    seed,
    format,
    ...(background ? { background } : {}),
    ...(guidance === undefined ? {} : { guidance }),
    ...(steps === undefined ? {} : { steps }),
  });
  const scene = composeScene(plan, request.width, request.height, `${traits.name}:${seed}`);
  return { reading, plan, scene, decisions: plan.decisions };
}

/**
 * Makes one picture. The same model, prompt, parameters and seed give the same bytes on every run. Throws a
 * RangeError on sizes outside `STUDIO_SIZE` or an `init` or `mask` that cannot be decoded, and the signal's reason
 * when it is aborted between steps.
 */
export async function renderStudioImage(
  traits: StudioModelTraits,
  request: StudioRequest,
  signal?: AbortSignal,
): Promise<StudioImage> {
  checkSize(request);
  signal?.throwIfAborted();
  const understood = planStudioImage(traits, request);
  const pixels = await paint(understood, request, signal);
  signal?.throwIfAborted();
  const bytes = await encode(pixels, request.format, request.compression);
  signal?.throwIfAborted();
  return {
    bytes,
    mediaType: `image/${request.format}`,
    width: pixels.width,
    height: pixels.height,
    understood,
  };
}

async function paint(
  understood: SceneSummary,
  request: StudioRequest,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const { init, mask } = request;
  if (!init) return rasterise(understood.scene);
  return editImage(
    understood,
    { image: init.image, strength: init.strength, ...(mask ? { mask } : {}) },
    signal,
  );
}

function checkSize({ width, height }: StudioRequest): void {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < STUDIO_SIZE.min || side > STUDIO_SIZE.max) {
      throw new RangeError(`a side of ${side} pixels is outside ${STUDIO_SIZE.min} to ${STUDIO_SIZE.max}`);
    }
  }
}
