import { createHash } from 'node:crypto';
import {
  type GenerationRequest,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';

/**
 * SHA-256 in hex of what a request asks for, its request_id left out: over its JSON with the keys in order, so that it does
 * not matter in which order a client happened to write them.
 */
export function bodyHash(request: GenerationRequest): string {
  const canonical = JSON.stringify(sorted(toJson(GenerationRequestSchema, { ...request, requestId: '' })));
  return createHash('sha256').update(canonical).digest('hex');
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
