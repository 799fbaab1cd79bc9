import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { type CallContext, deadlineExceeded, type Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';
import { cancelOnDisconnect } from './on-disconnect.ts';
import { requested } from './requested.ts';

/** By how much the answer that names the generation is ahead of the server's own, in milliseconds. */
const MARGIN_MS = 100;

/** Starts a cycle and waits for its end. A deadline that passes only ends the waiting, and the error names what goes on. */
export function generate(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['generate']> {
  return async (request, ctx) => {
    const { generation } = await engine.create(requested(request), ctx);
    const disconnect = cancelOnDisconnect(engine, generation, ctx);
    try {
      const ended = await waiting(engine, generation.name, ctx);
      return { generation: await engine.withUrls(ended, ctx) };
    } finally {
      disconnect();
    }
  };
}

async function waiting(engine: GenerationEngine, name: string, ctx: CallContext) {
  if (ctx.deadline === undefined) return engine.wait(name, ctx);
  const late = new AbortController();
  const error = deadlineExceeded(`${name} goes on; get or watch it, or ask again with the same request_id.`, {
    metadata: { generation: name },
  });
  const leftMs = ctx.deadline.getTime() - Date.now() - MARGIN_MS;
  const timer = setTimeout(() => late.abort(error), Math.max(0, leftMs));
  try {
    return await engine.wait(name, { ...ctx, signal: AbortSignal.any([ctx.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
