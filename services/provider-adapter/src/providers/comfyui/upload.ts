import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { readJson } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type LoadedImage, ProviderFailure } from '../provider.ts';
import { comfyError } from './errors.ts';
import { comfyCredentials } from './request.ts';

/** The folder of the server's inputs for what we upload. */
const FOLDER = 'atelier';

/**
 * Uploads an image for nodes that load one, under a name that follows from its bytes, so that the same image takes the place
 * of one disk file however often it is used. Gives the name as those nodes take it.
 */
export async function uploadImage(image: LoadedImage, job: Job): Promise<string> {
  const { bytes, mediaType, sha256 } = image;
  const extension = { 'image/jpeg': 'jpg', 'image/webp': 'webp' }[mediaType] ?? 'png';
  const facts = { mediaType, sizeBytes: bytes.byteLength, sha256 };
  const wire: WireRequest = {
    method: 'POST',
    url: `${job.settings.baseUrl}/upload/image`,
    credentials: comfyCredentials(job.settings),
    body: {
      kind: 'form',
      parts: [
        { name: 'image', fileName: `${sha256}.${extension}`, facts, bytes },
        { name: 'type', text: 'input' },
        { name: 'subfolder', text: FOLDER },
        { name: 'overwrite', text: 'true' },
      ],
    },
  };
  const answer = await job.send(wire);
  if (answer.status !== 200) throw await comfyError(answer);
  const { name, subfolder } = (await readJson(answer, job.spool)).json;
  if (typeof name !== 'string' || name === '') {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The server took an image and gave no name for it.');
  }
  return typeof subfolder === 'string' && subfolder !== '' ? `${subfolder}/${name}` : name;
}
