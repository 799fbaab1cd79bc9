import type { DecodedImage } from '../pixels/index.ts';
import { type Box, boxHeight, boxWidth, unionOf } from '../pixels/raster.ts';
import { Pixel, type Segmentation, trustworthy } from '../pixels/segment.ts';
import type { CheckResult } from './check.ts';
import { answer, cannotJudge } from './probability.ts';

/** The subject: the largest object and those at least this share of its size. Crumbs do not move its frame. */
const companionShare = 0.05;

/** What the picture is of, in shares of the frame. */
export interface Subject {
  readonly segmentation: Segmentation;
  /** Around all objects of the subject, in pixels of the working raster. */
  readonly box: Box;
  /** Width, height and pixels of the subject as shares of those of the frame. */
  readonly widthShare: number;
  readonly heightShare: number;
  readonly areaShare: number;
  /** Whether a pixel of the working raster is the subject itself and not ground seen through it. */
  readonly covers: (pixel: number) => boolean;
}

/** Finds the subject, or gives the answer of a check that cannot find it. */
export function findSubject(image: DecodedImage): Subject | CheckResult {
  const { segmentation } = image;
  const { objects, width, height, owner, plane, trust, background } = segmentation;
  const measured = { segmentation_trust: trust, background_plainness: background.plainness };
  if (trust < trustworthy) {
    return cannotJudge(
      measured,
      'The background is too busy to tell the subject from it.',
      'The background is too busy to tell the subject from it; ask for a plain, even background.',
    );
  }
  const [largest] = objects;
  if (largest === undefined) {
    return answer(
      0.02,
      measured,
      'No subject stands out from the background.',
      'No subject stands out; describe one clear subject in contrast to the background.',
    );
  }
  const chosen = objects.filter((object) => object.area >= companionShare * largest.area);
  const box = unionOf(chosen.map((object) => object.box)) as Box;
  const ids = new Set(chosen.map((object) => object.id));
  return {
    segmentation,
    box,
    widthShare: boxWidth(box) / width,
    heightShare: boxHeight(box) / height,
    areaShare: chosen.reduce((sum, object) => sum + object.area, 0) / (width * height),
    covers: (pixel) => plane[pixel] === Pixel.OBJECT && ids.has(owner[pixel] as number),
  };
}

/** Tells the two results of `findSubject` apart. */
export function isSubject(found: Subject | CheckResult): found is Subject {
  return 'covers' in found;
}
