import { AtelierError, Code, mediaTypeOf } from '@atelier/client';
import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { inParallel } from '../trial/trial.ts';

/** Which images a report embeds. */
export type PictureMode = 'none' | 'results' | 'all';

/** An image that is in the report, or why it is not. */
export type Picture =
  | { readonly kind: 'embedded'; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly kind: 'left-out'; readonly why: string };

/** An image that is wanted: its reference or its name, and in how many places it stands. */
export interface WantedPicture {
  readonly image: ImageRef | string;
  readonly places: number;
}

/** Where images come from. */
export interface PictureSource {
  /** The reference of an image that is known by name alone. */
  find(name: string): Promise<ImageRef>;
  /** Its bytes, verified. */
  read(image: ImageRef): Promise<Uint8Array>;
}

const MIB = 1024 * 1024;
/** Most bytes of one image, and of all images in one report: what browsers and mail still open at ease. */
export const PICTURE_LIMITS: PictureLimits = { each: 8 * MIB, all: 200 * MIB };

/** Bounds of what is embedded, in bytes. */
export interface PictureLimits {
  readonly each: number;
  readonly all: number;
}

const AT_ONCE = 4;

/** What is gone or not allowed leaves a gap in the report; a platform that is away ends it. */
const GAPS: readonly Code[] = [
  Code.NOT_FOUND,
  Code.FAILED_PRECONDITION,
  Code.PERMISSION_DENIED,
  Code.INVALID_ARGUMENT,
  Code.DATA_LOSS,
];

/** Fetches images for a report, within its bounds, and counts them. */
export class Pictures {
  readonly #source: PictureSource;
  readonly #limits: PictureLimits;
  #bytes = 0;
  #embedded = 0;
  #leftOut = 0;

  constructor(source: PictureSource, limits: PictureLimits = PICTURE_LIMITS) {
    this.#source = source;
    this.#limits = limits;
  }

  /** What was embedded and left out so far; an image counts once for each place. */
  get tally(): { readonly embedded: number; readonly leftOut: number; readonly bytes: number } {
    return { embedded: this.#embedded, leftOut: this.#leftOut, bytes: this.#bytes };
  }

  /** Fetches images, by name. Those that come first in the list have the room first. */
  async load(wanted: readonly WantedPicture[]): Promise<ReadonlyMap<string, Picture>> {
    const found = await inParallel(wanted, AT_ONCE, (each) => this.#find(each));
    // Room is given in order before anything is fetched, so that the same report is the same every time.
    const planned = found.map((each) => this.#reserve(each));
    const pictures = await inParallel(planned, AT_ONCE, async (each) => {
      const picture = each.ref === undefined ? leftOut(each.why) : await this.#fetch(each.ref);
      if (picture.kind === 'embedded') this.#embedded += each.places;
      else {
        this.#leftOut += 1;
        this.#bytes -= Number(each.ref?.sizeBytes ?? 0) * each.places;
      }
      return [each.name, picture] as const;
    });
    return new Map(pictures);
  }

  async #find({ image, places }: WantedPicture): Promise<Found> {
    if (typeof image !== 'string') return { name: image.name, places, ref: image, why: '' };
    try {
      return { name: image, places, ref: await this.#source.find(image), why: '' };
    } catch (error) {
      return { name: image, places, ref: undefined, why: gapWords(error) };
    }
  }

  /** Takes the room of an image, or says why there is none. */
  #reserve(found: Found): Found {
    if (found.ref === undefined) return found;
    const { each, all } = this.#limits;
    const size = Number(found.ref.sizeBytes);
    if (size > each)
      return { ...found, ref: undefined, why: `${mib(size)}; a report takes images of up to ${mib(each)}` };
    if (this.#bytes + size * found.places > all)
      return {
        ...found,
        ref: undefined,
        why: `the images before it fill the ${mib(all)} that a report takes in all`,
      };
    this.#bytes += size * found.places;
    return found;
  }

  async #fetch(ref: ImageRef): Promise<Picture> {
    try {
      const bytes = await this.#source.read(ref);
      // The bytes say what they are, and not the record: nothing but a picture gets into the page.
      return { kind: 'embedded', bytes, mediaType: mediaTypeOf(bytes) };
    } catch (error) {
      return leftOut(gapWords(error));
    }
  }
}

/** A wanted image with its reference, or why there is none. */
interface Found {
  readonly name: string;
  readonly places: number;
  readonly ref: ImageRef | undefined;
  readonly why: string;
}

function leftOut(why: string): Picture {
  return { kind: 'left-out', why };
}

/** Why an image is not there; throws what is no gap in the report but the end of it. */
function gapWords(error: unknown): string {
  if (!(error instanceof AtelierError) || !GAPS.includes(error.code)) throw error;
  return error.message;
}

/** Bytes as people read them. */
export function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
