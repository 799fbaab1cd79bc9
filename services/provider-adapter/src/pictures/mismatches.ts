import type {
  OutputMismatch,
  OutputMismatchSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { isSameRatio } from '../parameters/dimensions.ts';
import { parseRatio, type Size, sizeText } from '../parameters/vocabulary.ts';
import type { Picture } from './picture.ts';

/** What the finished image should be, as far as anybody asked. */
export interface Expected {
  readonly size?: Size;
  readonly aspectRatio?: string;
  readonly format?: string;
  readonly background?: string;
}

/** One difference between what was asked and what came. */
export type Mismatch = MessageInitShape<typeof OutputMismatchSchema> &
  Pick<OutputMismatch, 'field' | 'asked' | 'got'>;

/** How far the sides' ratio may be off: providers round to their own grids. */
const RATIO_TOLERANCE = 0.03;

/** Compares the decoded header of a finished image with what was asked. */
export function findMismatches(picture: Picture, expected: Expected): Mismatch[] {
  const found: Mismatch[] = [];
  const { size, aspectRatio, format, background } = expected;
  const got = sizeText(picture);
  if (size !== undefined && sizeText(size) !== got) found.push({ field: 'size', asked: sizeText(size), got });
  const ratio = aspectRatio === undefined ? undefined : parseRatio(aspectRatio);
  if (aspectRatio !== undefined && ratio !== undefined) {
    if (!isSameRatio(picture.width / picture.height, ratio, RATIO_TOLERANCE)) {
      found.push({ field: 'aspect_ratio', asked: aspectRatio, got });
    }
  }
  if (format !== undefined && format !== picture.format) {
    found.push({ field: 'output_format', asked: format, got: picture.format });
  }
  if (background === 'transparent' && !picture.hasAlpha) {
    found.push({ field: 'background', asked: 'transparent', got: 'opaque' });
  }
  return found;
}
