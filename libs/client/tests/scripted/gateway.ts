import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createLogger } from '@atelier/observability';
import type { GenerationEvent, GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { alreadyExists, notFound, type Registration, type RpcError, serve } from '@atelier/rpc';
import { endedGeneration, generationEvents, type Script } from './events.ts';
import { ObjectStore } from './object-store.ts';
import { partial } from './partial.ts';

/** A call as the gateway saw it. */
export interface SeenCall {
  readonly method: string;
  readonly requestId: string;
  readonly authorization: string | undefined;
}

/** A gateway whose generations follow a script, over real sockets. */
export interface ScriptedGateway extends AsyncDisposable {
  readonly address: string;
  readonly store: ObjectStore;
  /** Calls of GenerationService, in order. */
  readonly calls: SeenCall[];
  /** Thrown by the next calls of GenerationService, first come first. */
  readonly failures: RpcError[];
  /** After how many events the next streams end, and how: with an error, or as if nothing were wrong. */
  readonly breaks: { readonly after: number; readonly error?: Error }[];
}

const descriptorSet = readFileSync(new URL('../../../protos/src/descriptor-set.binpb', import.meta.url));

/** Starts a gateway on a free port of loopback. Further services come from the test. */
export async function startScriptedGateway(
  registrations: readonly Registration[] = [],
): Promise<ScriptedGateway> {
  const store = new ObjectStore();
  await store.listen();
  const image = store.add(Buffer.from('\x89PNG\r\n\x1a\n and then pixels', 'latin1'));
  const scripts = new Map<string, Script>();
  const calls: SeenCall[] = [];
  const failures: RpcError[] = [];
  const breaks: { after: number; error?: Error }[] = [];

  const seen = (method: string, requestId: string, headers: ReadonlyMap<string, string>) => {
    calls.push({ method, requestId, authorization: headers.get('authorization') });
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  };
  const start = (request: GenerationRequest | undefined): Script => {
    if (request === undefined) throw notFound('There is no request.');
    const known = [...scripts.values()].find((script) => script.request.requestId === request.requestId);
    if (known !== undefined && known.request.project !== request.project)
      throw alreadyExists('Another body.', { reason: 'REQUEST_ID_REUSED' });
    if (known !== undefined) return known;
    const script = { name: `generations/${randomUUID()}`, request, image };
    scripts.set(script.name, script);
    return script;
  };
  const find = (name: string): Script => {
    const script = scripts.get(name);
    if (script === undefined) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
    return script;
  };
  async function* broken(events: readonly GenerationEvent[]) {
    const failure = breaks.shift();
    for (const event of events.slice(0, failure?.after)) yield { event };
    if (failure?.error !== undefined) throw failure.error;
  }

  const generations = partial(GenerationService, {
    createGeneration: async ({ generation }, { headers }) => {
      seen('create', generation?.requestId ?? '', headers);
      const [first] = generationEvents(start(generation));
      return first?.event.case === 'accepted' ? first.event.value : {};
    },
    generate: async ({ generation }, { headers }) => {
      seen('generate', generation?.requestId ?? '', headers);
      return { generation: endedGeneration(start(generation)) };
    },
    async *streamGenerate({ generation }, { headers }) {
      seen('stream', generation?.requestId ?? '', headers);
      yield* broken(generationEvents(start(generation)));
    },
    async *watchGeneration({ name, afterEventNumber }, { headers }) {
      seen('watch', `after ${afterEventNumber}`, headers);
      yield* broken(generationEvents(find(name)).filter(({ number }) => number > afterEventNumber));
    },
    getGeneration: async ({ name, signUrls }, { headers }) => {
      seen('get', signUrls ? 'signed' : '', headers);
      return { generation: endedGeneration(find(name)) };
    },
  });
  const server = await serve({
    name: 'scripted-gateway',
    address: { host: '127.0.0.1', port: 0 },
    registrations: [generations, store.registration, ...registrations],
    descriptorSet,
    log: createLogger({ service: 'scripted-gateway', level: 'silent' }),
    authenticate: async () => undefined,
  });
  return {
    address: `127.0.0.1:${server.port}`,
    store,
    calls,
    failures,
    breaks,
    [Symbol.asyncDispose]: async () => {
      await server.drain(100);
      await store.close();
    },
  };
}
