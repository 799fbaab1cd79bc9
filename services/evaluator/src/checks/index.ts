import { aspectRatioCheck } from './aspect-ratio.ts';
import { backgroundColourCheck } from './background-colour.ts';
import type { Check } from './check.ts';
import { dominantColourCheck } from './dominant-colour.ts';
import { duplicateOfCheck } from './duplicate-of.ts';
import { formatCheck } from './format.ts';
import { frameShareCheck } from './frame-share.ts';
import { likenessCheck } from './likeness.ts';
import { minimumSizeCheck } from './minimum-size.ts';
import { notBlankCheck } from './not-blank.ts';
import { objectCountCheck } from './object-count.ts';
import { sharpnessCheck } from './sharpness.ts';
import { subjectCentredCheck } from './subject-centred.ts';
import { textPresentCheck } from './text/text-present.ts';
import { transparencyCheck } from './transparency.ts';

export {
  type DecodedImage,
  decodeImage,
  defaultDecodeLimits,
  ImageError,
} from '../pixels/index.ts';
export {
  type Check,
  type CheckResult,
  type CheckTools,
  ParamError,
} from './check.ts';
export type { Ocr } from './text/ocr.ts';
export { createOcr } from './text/ocr-pool.ts';
export { checkReading } from './text/text-reading.ts';

const all = [
  minimumSizeCheck,
  aspectRatioCheck,
  formatCheck,
  transparencyCheck,
  notBlankCheck,
  sharpnessCheck,
  backgroundColourCheck,
  dominantColourCheck,
  objectCountCheck,
  subjectCentredCheck,
  frameShareCheck,
  textPresentCheck,
  duplicateOfCheck,
  likenessCheck,
];

/**
 * Every typed check by its kind. What one check's `parse` returns is only for that check's own `run`, hence the
 * unknown parameter type. Except for reading text, a check is CPU-bound and blocks its thread, about 150 ms for the
 * first on a picture and a few for the others: a service wraps `decodeImage` and `run` in a piscina task, one task
 * for all checks of a picture, since they share what was derived from it.
 */
export const checks: ReadonlyMap<string, Check<unknown>> = new Map(
  all.map((check) => [check.kind, check as Check<unknown>]),
);
