import { type Image, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { fromJsonString } from '@bufbuild/protobuf';
import type { Reach } from '../../reach.ts';
import type { ImageCandidate } from '../warehouse.ts';
import { Conditions } from './conditions.ts';
import type { Session } from './session.ts';

/** The best match for a file: the very bytes first, then the fewest differing bits, then the latest. */
export async function findImage(
  session: Session,
  reach: Reach,
  sha256: string,
  perceptualHash: bigint | undefined,
  maxBits: number,
): Promise<ImageCandidate | undefined> {
  const where = new Conditions().reach(reach);
  const digest = where.bind(sha256);
  const hash = where.bind(perceptualHash === undefined ? null : String(perceptualHash));
  const bits = where.bind(maxBits);
  const [line] = await session.read(
    `WITH candidates AS (
       SELECT record, create_time,
         sha256 = ${digest} OR received_sha256 = ${digest} AS exact,
         bit_count(xor(perceptual_hash, ${hash}::VARCHAR::UBIGINT)::BIT) AS distance
       FROM images WHERE ${where}
     )
     SELECT record, exact FROM candidates WHERE exact OR distance <= ${bits}::INTEGER
     ORDER BY exact DESC, distance, create_time DESC LIMIT 1`,
    where.parameters,
  );
  if (line === undefined) return undefined;
  const image: Image = fromJsonString(ImageSchema, String(line.record), { ignoreUnknownFields: true });
  return { image, isExact: line.exact === true };
}
