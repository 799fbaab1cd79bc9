import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Submission } from '../provider.ts';

const body = z.object({
  width: z.number().int().min(64).max(2048).default(512),
  height: z.number().int().min(64).max(2048).default(512),
  seed: z.number().int().optional(),
  delay_ms: z.number().int().min(0).max(120_000).optional(),
});

/** What the sandbox reads of a request. The prompt is taken, and never read. */
export interface SandboxRequest {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** How long to take, in milliseconds, where the caller said so. */
  readonly delayMs: number | undefined;
  readonly images: number;
}

/** Reads the native body. Without a seed, one derives from the submission's key, so that a repeat gives the same picture. */
export function readSandboxRequest(submission: Submission): SandboxRequest {
  const { width, height, seed, delay_ms: delayMs } = body.parse(submission.body);
  const derived = createHash('sha256').update(submission.key).digest().readUInt32BE(0);
  return { width, height, seed: seed ?? derived, delayMs, images: submission.images };
}
