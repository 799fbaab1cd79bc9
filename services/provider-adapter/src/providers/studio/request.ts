import { createHash } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import { z } from 'zod';
import { asImageSlot } from '../../parameters/image-slot.ts';
import type { Submission } from '../provider.ts';
import type { StudioRequest } from './render.ts';

const body = z.object({
  prompt: z.string().min(1),
  task: z.string().default('generate'),
  negative_prompt: z.string().optional(),
  style: z.string().optional(),
  width: z.number().int(),
  height: z.number().int(),
  seed: z.number().int().optional(),
  guidance: z.number().optional(),
  steps: z.number().optional(),
  background: z.enum(['opaque', 'transparent']).optional(),
  format: z.enum(['png', 'jpeg', 'webp']).default('png'),
  compression: z.number().optional(),
  init_strength: z.number().default(0.6),
});

/**
 * The renderer's requests for a native body, one for each image that it asks for. Without a seed, one derives from the
 * submission's key: the same submission gives the same picture, and another one another.
 */
export function readStudioRequests(submission: Submission): StudioRequest[] {
  const native = body.parse(submission.body);
  const first = native.seed ?? derivedSeed(submission.key);
  const image = (name: string) => imageAt(submission, submission.body[name]);
  const [init, mask] = [image('init_image'), image('mask_image')];
  const isCutOut = native.task === 'remove_background';
  const shared = {
    prompt: native.prompt,
    width: native.width,
    height: native.height,
    format: native.format,
    ...(native.negative_prompt !== undefined && { negativePrompt: native.negative_prompt }),
    ...(native.style !== undefined && { style: native.style }),
    ...(native.guidance !== undefined && { guidance: native.guidance }),
    ...(native.steps !== undefined && { steps: native.steps }),
    ...(native.compression !== undefined && { compression: native.compression }),
    ...(isCutOut
      ? { background: 'transparent' as const }
      : native.background !== undefined && { background: native.background }),
    ...(init !== undefined && { init: { image: init, strength: native.init_strength } }),
    ...(mask !== undefined && { mask }),
  };
  return Array.from({ length: submission.images }, (_, index) => ({ ...shared, seed: first + index }));
}

function imageAt(submission: Submission, value: JsonValue | undefined): Buffer | undefined {
  const slot = value === undefined ? undefined : asImageSlot(value);
  return slot === undefined ? undefined : submission.image(slot).bytes;
}

/** 48 bits of the key's digest: as many as leave room for the candidates that follow. */
function derivedSeed(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6);
}
