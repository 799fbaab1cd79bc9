import { invalidArgument } from '@atelier/rpc';
import { ImageError } from '../checks/index.ts';

/** Does some work on an image of the request. Throws INVALID_ARGUMENT where its bytes, or those of a reference, are no image. */
export async function refusingImage<T>(image: string, work: () => Promise<T>, field = 'image'): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const isLarge = error.code === 'TOO_LARGE' || error.code === 'TOO_MANY_PIXELS';
    throw invalidArgument(field, error.message, {
      reason: isLarge ? 'IMAGE_TOO_LARGE' : 'NOT_AN_IMAGE',
      metadata: { resource: image },
      cause: error.cause,
    });
  }
}
