import { AtelierError, Code, fullName } from '@atelier/client';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Session } from '../session.ts';

/** Reads a generation as it is now, with signed URLs of its images where they are asked for. */
export async function readGeneration(
  { services, call }: Session,
  name: string,
  signUrls: boolean,
): Promise<Generation> {
  const request = { name: fullName('generations', name), signUrls };
  const { generation } = await services.generations.getGeneration(request, call);
  if (generation === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform answered without a generation.');
  return generation;
}
