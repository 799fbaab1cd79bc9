import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { CallContext } from '@atelier/rpc';
import type { BlobAudience } from '../blobs/blob-store.ts';
import { callingService } from './access.ts';

/** For whom a URL is: as asked, else inside for services of the mesh and outside for whoever comes through the gateway. */
export function audienceOf(asked: Audience, context: Pick<CallContext, 'headers'>): BlobAudience {
  if (asked === Audience.INTERNAL) return 'internal';
  if (asked === Audience.PUBLIC) return 'public';
  return callingService(context) === undefined ? 'public' : 'internal';
}
