import { type CallContext, type RpcError, unimplemented } from '@atelier/rpc';
import { requireAdmin } from '../contract/access.ts';

/** The answer of a method that waits for something else: UNIMPLEMENTED (NOT_OFFERED), saying what for. */
export function notOffered(waitsFor: string): (_: unknown, call: CallContext) => Promise<never> {
  return async (_, call) => {
    requireAdmin(call);
    throw error(waitsFor);
  };
}

/** The same for a method that answers with a stream. */
export function notOfferedStream(waitsFor: string): (_: unknown, call: CallContext) => AsyncIterable<never> {
  // biome-ignore lint/correctness/useYield: the stream ends before its first message.
  return async function* (_, call) {
    requireAdmin(call);
    throw error(waitsFor);
  };
}

function error(waitsFor: string): RpcError {
  return unimplemented(`This server does not offer the method yet: ${waitsFor}.`);
}
