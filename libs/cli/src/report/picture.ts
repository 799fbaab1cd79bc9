import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { type Html, html, lazyText } from './html.ts';
import type { Picture } from './pictures.ts';

/** The images that were fetched for a part of the page, by name. */
export type PictureSet = ReadonlyMap<string, Picture>;

/** An image, embedded, or in its place the words why it is not here. */
export function pictureHtml(name: string, alt: string, pictures: PictureSet, ref?: ImageRef): Html {
  const picture = pictures.get(name);
  if (picture?.kind !== 'embedded') {
    const why = picture?.why ?? 'not embedded';
    return html`<p class="no-picture" role="img" aria-label="${alt}: ${why}"><span aria-hidden="true">▧</span> <span>${why}</span></p>`;
  }
  const { bytes, mediaType } = picture;
  const source = lazyText(() => `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`);
  const size =
    ref !== undefined && ref.width > 0 && ref.height > 0
      ? html` width="${ref.width}" height="${ref.height}"`
      : undefined;
  return html`<img src="${source}" alt="${alt}"${size}>`;
}
