import { type Generation, OnDisconnect } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { CallContext } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/**
 * Cancels the generation when its caller goes away, where its policy says so; otherwise nothing happens to it. Gives a
 * function that ends this care, for when the caller was served.
 */
export function cancelOnDisconnect(
  engine: GenerationEngine,
  generation: Generation,
  ctx: CallContext,
): () => void {
  if (generation.effectivePolicy?.onDisconnect !== OnDisconnect.CANCEL) return () => undefined;
  const onAbort = () => {
    // A drain ends calls too, and is not the caller's choice.
    if (ctx.draining.aborted) return;
    engine
      .cancel(generation.name, 'The caller went away.', { ...ctx, signal: new AbortController().signal })
      .catch((err: unknown) => ctx.log.warn({ err, generation: generation.name }, 'could not be cancelled'));
  };
  if (ctx.signal.aborted) onAbort();
  else ctx.signal.addEventListener('abort', onAbort, { once: true });
  return () => ctx.signal.removeEventListener('abort', onAbort);
}
