import type { ImageSlot } from '../../parameters/image-slot.ts';
import type { Size } from '../../parameters/vocabulary.ts';
import type { ImageFacts, LoadedImage, NativePreview } from '../provider.ts';
import type { FormPart } from './wire-request.ts';

/** Puts images where the slots of a body are, in the form that the vendor takes. */
export interface SlotImages {
  /** Bare base64. */
  readonly base64: (slot: ImageSlot, path: string) => string;
  /** `data:image/png;base64,…` */
  readonly dataUri: (slot: ImageSlot, path: string) => string;
  /** The media type, for bodies that name it beside the bytes. */
  readonly mediaType: (slot: ImageSlot) => string;
  /** Width and height in pixels, for bodies that have to name them; undefined where a preview does not know them yet. */
  readonly size: (slot: ImageSlot) => Size | undefined;
  /** What the vendor gave for an image that was uploaded beforehand. */
  readonly uploaded: (slot: ImageSlot, path: string) => string;
  /** A part of a multipart body. */
  readonly part: (slot: ImageSlot, name: string) => FormPart;
}

/** The images themselves. `uploads` holds what the vendor gave for each, by `slotKey`. */
export function realImages(
  image: (slot: ImageSlot) => LoadedImage,
  uploads: Pick<ReadonlyMap<string, string>, 'get'>,
): SlotImages {
  const base64 = (slot: ImageSlot) => image(slot).bytes.toString('base64');
  return {
    base64,
    dataUri: (slot) => `data:${image(slot).mediaType};base64,${base64(slot)}`,
    mediaType: (slot) => image(slot).mediaType,
    size: (slot) => image(slot).size,
    uploaded: (slot) => {
      const link = uploads.get(slotKey(slot));
      if (link === undefined) throw new Error(`the image ${slotKey(slot)} was not uploaded`);
      return link;
    },
    part: (slot, name) => {
      const { bytes, mediaType, sha256 } = image(slot);
      const facts = { mediaType, sizeBytes: bytes.byteLength, sha256 };
      return { name, fileName: fileName(slot, mediaType), facts, bytes };
    },
  };
}

/** The images in words, for a preview. Every one that stands in a JSON body is told to `parts` with its path. */
export function shownImages(
  facts: (slot: ImageSlot) => ImageFacts,
  parts: NativePreview['parts'][number][],
): SlotImages {
  const shown = (slot: ImageSlot, path: string) => {
    const { mediaType, sizeBytes, sha256 } = facts(slot);
    parts.push({ name: path, mediaType, sizeBytes, sha256, text: '' });
    return `<${mediaType}, ${sizeBytes} bytes${sha256 === '' ? '' : `, sha256 ${sha256}`}>`;
  };
  return {
    base64: shown,
    dataUri: shown,
    uploaded: shown,
    mediaType: (slot) => facts(slot).mediaType,
    size: (slot) => facts(slot).size,
    part: (slot, name) => {
      const known = facts(slot);
      return { name, fileName: fileName(slot, known.mediaType), facts: known };
    },
  };
}

/** Names an image with the change that it goes through: the same picture may stand in a body in two forms. */
export function slotKey({ reference, change }: ImageSlot): string {
  return `${reference} ${change}`;
}

function fileName({ reference }: ImageSlot, mediaType: string): string {
  const extension = { 'image/jpeg': 'jpg', 'image/webp': 'webp' }[mediaType] ?? 'png';
  return `image-${reference}.${extension}`;
}
