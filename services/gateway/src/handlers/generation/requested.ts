import type { GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { invalidArgument } from '@atelier/rpc';

/** The request of a creating call; the contract's rules have seen to it that it is there. */
export function requested(message: {
  readonly generation?: GenerationRequest | undefined;
}): GenerationRequest {
  if (message.generation === undefined) throw invalidArgument('generation', 'is required');
  return message.generation;
}
