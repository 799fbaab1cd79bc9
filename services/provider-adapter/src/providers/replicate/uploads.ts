import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Job } from '../http/protocol.ts';
import { type LoadedImage, ProviderFailure } from '../provider.ts';
import { ask } from './client.ts';
import { askingOf } from './predictions.ts';

/** Up to this size Replicate wants a file within the input; a larger one is to be uploaded. In bytes. */
const MAX_INLINE_BYTES = 256 * 1024;

/** What stands for a reference image in an input: a data URI, or the address of an upload. */
export async function uploadImage({ bytes, mediaType, sha256 }: LoadedImage, job: Job): Promise<string> {
  if (bytes.byteLength <= MAX_INLINE_BYTES) return `data:${mediaType};base64,${bytes.toString('base64')}`;
  const name = `${sha256}.${mediaType.slice('image/'.length)}`;
  const file = new File([new Uint8Array(bytes)], name, { type: mediaType });
  const asked = await ask(askingOf(job), (client) => client.files.create(file));
  const address = asked?.value.urls?.get;
  if (typeof address === 'string' && address !== '') return address;
  throw new ProviderFailure(FailureClass.UNAVAILABLE, 'The provider took an image and gave no address.');
}
