import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type Produced, ProviderFailure } from '../provider.ts';

/** Reads one image of several: a failure that is its own does not take the others along. */
export async function oneImage(read: () => Promise<Produced>): Promise<Produced> {
  try {
    return await read();
  } catch (failure) {
    if (failure instanceof ProviderFailure) return { kind: 'failure', failure };
    throw failure;
  }
}

/** The failure of an image that the answer does not have. */
export function leftOut(): ProviderFailure {
  return new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider left out this image.');
}

/** A seed that an answer reports; undefined where it reports none. */
export function reportedSeed(value: JsonValue | undefined): bigint | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** A prompt that an answer reports, where it is another one than was sent: some give back what they were given. */
export function rewritten(value: JsonValue | undefined, sent: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== sent ? value : undefined;
}

/** Whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
