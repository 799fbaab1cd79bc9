import { jobHandle } from '../http/job-handle.ts';
import { isObject } from '../http/one-image.ts';
import type { Submission } from '../provider.ts';
import { inputsOf } from './graph.ts';
import { readTemplate } from './template.ts';

/** Hex digits that make a number which JavaScript holds exactly: 52 bits. */
const DIGITS = 13;

/** A seed that follows from a submission. */
export function ownSeed(submission: Submission): number {
  return Number.parseInt(jobHandle(submission).slice(0, DIGITS), 16);
}

/** The seed that a submission got because nobody asked for one, if it makes a single image; undefined for every other. */
export function unaskedSeed(submission: Submission): bigint | undefined {
  const { prompt, template } = submission.body;
  const { seed: place } = readTemplate(template);
  if (place === undefined || submission.images !== 1 || !isObject(prompt)) return undefined;
  const isAsked = inputsOf(prompt, place.node)[place.input] !== undefined;
  return isAsked ? undefined : BigInt(ownSeed(submission));
}
