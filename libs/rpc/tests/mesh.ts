import { readFileSync } from 'node:fs';
import { createLogger, type Logger } from '@atelier/observability';
import {
  type CallContext,
  type ChannelOptions,
  type Client,
  createClient,
  generateMeshKeys,
  type Handlers,
  implement,
  meshAuthenticator,
  openChannel,
  type Principal,
  principalSigner,
  type RpcServer,
  type ServeOptions,
  serve,
} from '../src/index.ts';
import { EchoService } from './gen/atelier/rpctest/v1/echo_service_pb.ts';

export const descriptorSet = readFileSync(new URL('./gen/image.binpb', import.meta.url));
export const keys = generateMeshKeys();
export const sign = principalSigner(keys.privateKey);
export const authenticate = meshAuthenticator(keys);

/** A caller whose principal is good for an hour. */
export const principal: Principal = sign({
  team: 'teams/red',
  keyId: 'keys/1',
  subject: 'tests',
  scopes: ['generate'],
  expireTime: new Date(Date.now() + 3_600_000),
  kind: 'caller',
});

/** A logger whose lines can be read. */
export function captureLog(level: 'debug' | 'info' | 'warn' = 'warn') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLogger({ service: 'rpctest', level, destination }) };
}

export const silent: Logger = createLogger({ service: 'rpctest', level: 'silent' });

export type EchoHandlers = Handlers<typeof EchoService>;

/** Handlers that do what the contract says; tests replace some. */
export function echoHandlers(name: string, replaced: Partial<EchoHandlers> = {}): EchoHandlers {
  return {
    echo: async (request) => ({ text: request.text, server: name, payload: request.payload }),
    put: async (request) => ({ text: request.text, server: name }),
    create: async (request) => ({ text: request.text }),
    async *repeat(request) {
      for (let index = 0; index < request.count; index += 1) yield { text: request.text, index };
    },
    async collect(requests) {
      const texts: string[] = [];
      for await (const { text } of requests) texts.push(text);
      return { texts };
    },
    async *chat(requests) {
      for await (const { text } of requests) yield { text: `${name}: ${text}` };
    },
    ...replaced,
  };
}

export type EchoServer = RpcServer & { readonly address: string };

/** Serves the echo service on a free loopback port. */
export async function startEcho(
  replaced: Partial<EchoHandlers> = {},
  options: Partial<ServeOptions> & { readonly access?: 'public' | 'service' | 'caller' } = {},
): Promise<EchoServer> {
  const { name = 'echo', access = 'caller' } = options;
  const server = await serve({
    name,
    address: { host: '127.0.0.1', port: 0 },
    registrations: [implement(EchoService, echoHandlers(name, replaced), { access: () => access })],
    descriptorSet,
    log: silent,
    authenticate,
    ...options,
  });
  return Object.assign(server, { address: `127.0.0.1:${server.port}` });
}

export interface EchoClient extends Disposable {
  readonly client: Client<typeof EchoService>;
  readonly channel: ReturnType<typeof openChannel>;
}

/** A client of the echo service that holds the mesh credential. */
export function connectEcho(target: string, options: Partial<ChannelOptions> = {}): EchoClient {
  const channel = openChannel(target, { services: [EchoService], credential: keys.credential, ...options });
  return { channel, client: createClient(EchoService, channel), [Symbol.dispose]: () => channel.close() };
}

/** The error that a promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

/** All of a stream, in an array. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Resolves when the signal of a context is aborted, with the reason. */
export function aborted({ signal }: Pick<CallContext, 'signal'>): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

/** Never resolves; rejects when the signal is aborted. */
export function untilAborted(context: Pick<CallContext, 'signal'>): Promise<never> {
  return aborted(context).then((reason) => Promise.reject(reason));
}

/** The items, and then the end of the stream. */
export async function* stream<T>(...items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
