import { createHash } from 'node:crypto';
import { AtelierError, Code } from '@atelier/client';
import { type ImageRef, ImageRefSchema } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { samplePng } from '../../src/doctor/sample-image.ts';
import { reportPage } from '../../src/report/page.ts';
import { type PictureLimits, type PictureMode, Pictures } from '../../src/report/pictures.ts';
import { fullRecord, type RecordImages } from './records.ts';

/** Images in memory, each of other pixels. */
export class Shelf {
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #refs = new Map<string, ImageRef>();
  /** Names that were read, in order. */
  readonly reads: string[] = [];

  add(bytes: Uint8Array = samplePng(Buffer.from([this.#refs.size, 7, 31]))): ImageRef {
    const id = String(this.#refs.size).padStart(12, '0');
    const ref = create(ImageRefSchema, {
      name: `images/0190c0de-0000-7000-8000-${id}`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: BigInt(bytes.length),
      mediaType: 'image/png',
      width: 16,
      height: 16,
    });
    this.#bytes.set(ref.name, bytes);
    this.#refs.set(ref.name, ref);
    return ref;
  }

  /** Images for a full record. */
  recordImages(): RecordImages {
    return { made: [this.add(), this.add(), this.add(), this.add(), this.add()], reference: this.add() };
  }

  async find(name: string): Promise<ImageRef> {
    return this.#get(this.#refs, name);
  }

  async read({ name }: ImageRef): Promise<Uint8Array> {
    this.reads.push(name);
    return this.#get(this.#bytes, name);
  }

  delete({ name }: ImageRef): void {
    this.#bytes.delete(name);
  }

  #get<T>(from: ReadonlyMap<string, T>, name: string): T {
    const found = from.get(name);
    if (found === undefined) throw new AtelierError(Code.NOT_FOUND, `There is no ${name}.`);
    return found;
  }
}

/** Names of generations that tests make up. */
export function generationName(number: number): string {
  return `generations/0190c0de-0000-7000-9000-${String(number).padStart(12, '0')}`;
}

/** A full record with its images on a shelf. */
export function shelvedRecord(number = 1): { readonly record: Generation; readonly shelf: Shelf } {
  const shelf = new Shelf();
  return { record: fullRecord(generationName(number), shelf.recordImages()), shelf };
}

/** A report as one text, and what became of its images. */
export async function render(
  generations: readonly Generation[],
  shelf: Shelf,
  images: PictureMode = 'all',
  limits?: PictureLimits,
) {
  const pictures = new Pictures(shelf, limits);
  const content = {
    title: 'projects/tiles',
    items: generations.map((generation) => ({ generation, label: '' })),
    notes: [],
    images,
    time: new Date('2026-11-02T08:00:00Z'),
  };
  let page = '';
  for await (const chunk of reportPage(content, pictures)) page += chunk;
  return { page, tally: pictures.tally };
}
