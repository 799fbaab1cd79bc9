import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { PictureMode, WantedPicture } from './pictures.ts';

/**
 * The images of a generation that a report embeds, those that matter most first: results, then the others of all rounds,
 * then the references. Where all are shown and results stand at the head of their generation too, they are there twice.
 */
export function wantedPictures(generation: Generation, mode: PictureMode, headed: boolean): WantedPicture[] {
  if (mode === 'none') return [];
  const { results, rounds, request } = generation;
  const resultImages = results.flatMap(({ image }) => image ?? []);
  const others =
    mode === 'results'
      ? []
      : rounds.flatMap(({ candidates }) => candidates).flatMap(({ image }) => image ?? []);
  const references =
    mode === 'results'
      ? []
      : (request?.parameters?.referenceImages ?? []).flatMap(({ source }) =>
          source.case === 'image' ? source.value : [],
        );
  const places = headed && mode === 'all' ? 2 : 1;
  const wanted = new Map<string, WantedPicture>();
  const add = (image: ImageRef | string, times: number) => {
    const name = typeof image === 'string' ? image : image.name;
    if (!wanted.has(name)) wanted.set(name, { image, places: times });
  };
  for (const image of resultImages) add(image, places);
  for (const image of [...others, ...references]) add(image, 1);
  return [...wanted.values()];
}
