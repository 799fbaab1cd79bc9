import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';
import { cancelOnDisconnect } from './on-disconnect.ts';
import { requested } from './requested.ts';
import { signFinished } from './sign-finished.ts';

/** Starts a cycle and sends its events, from the first. A stream that breaks only ends the watching. */
export function streamGenerate(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['streamGenerate']> {
  return async function* (request, ctx) {
    const { generation } = await engine.create(requested(request), ctx);
    const disconnect = cancelOnDisconnect(engine, generation, ctx);
    try {
      for await (const event of engine.watch(generation.name, 0n, ctx)) {
        yield { event: await signFinished(engine, event, ctx) };
      }
    } finally {
      disconnect();
    }
  };
}
