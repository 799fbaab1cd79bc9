import { ImageMatch, type ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { listReach } from '../contract/access.ts';
import { readIndex } from '../contract/read-index.ts';
import { SIMILAR_BITS } from '../images/perceptual-hash.ts';

/** Tells whether a file is one of the team's images, by its digest, else by how it looks. */
export function verifyImage(context: StorageContext): Handlers<typeof ImageService>['verifyImage'] {
  return async ({ sha256, perceptualHash }, call) => {
    const hash = parseHash(perceptualHash);
    const { answer } = await readIndex(context, () =>
      context.warehouse.findImage(listReach(call), sha256, hash, SIMILAR_BITS),
    );
    if (answer === undefined) return { match: ImageMatch.NONE };
    return { match: answer.isExact ? ImageMatch.EXACT : ImageMatch.SIMILAR, image: answer.image };
  };
}

function parseHash(text: string): bigint | undefined {
  if (text === '') return undefined;
  if (/^[0-9a-f]{16}$/i.test(text)) return BigInt(`0x${text}`);
  throw invalidArgument('perceptual_hash', 'must be 16 hex digits');
}
