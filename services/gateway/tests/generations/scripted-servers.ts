import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createLogger } from '@atelier/observability';
import {
  type Handlers,
  implement,
  type MeshKeys,
  meshAuthenticator,
  type Registration,
  type RpcServer,
  serve,
  unimplemented,
} from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import type { MeshService } from '../../src/forward/mesh.ts';

export const log = createLogger({
  service: 'test',
  level: process.env.TEST_LOG === undefined ? 'silent' : 'debug',
});

/** A service of which a test plays only some methods; the others answer UNIMPLEMENTED. */
export function scripted<S extends DescService>(service: S, handlers: Partial<Handlers<S>>): Registration {
  const missing = service.methods
    .filter((method) => !(method.localName in handlers))
    .map((method) => [
      method.localName,
      () => {
        throw unimplemented(`${method.name} is not played`);
      },
    ]);
  const all = { ...Object.fromEntries(missing), ...handlers } as Handlers<S>;
  return implement(service, all, { access: () => 'service' });
}

export async function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}

/** The inner services as processes would be: each on a port of its own, which stays while it is away. */
export class ScriptedServers implements AsyncDisposable {
  readonly #keys: MeshKeys;
  readonly #registrations: Readonly<Record<MeshService, readonly Registration[]>>;
  readonly #servers = new Map<MeshService, RpcServer>();
  readonly #ports = new Map<MeshService, number>();

  constructor(keys: MeshKeys, registrations: Readonly<Record<MeshService, readonly Registration[]>>) {
    this.#keys = keys;
    this.#registrations = registrations;
  }

  /** Starts those that do not run. */
  async startAll(): Promise<void> {
    const names = Object.keys(this.#registrations) as MeshService[];
    for (const name of names) if (!this.#servers.has(name)) await this.start(name);
  }

  async start(name: MeshService): Promise<void> {
    const server = await serve({
      name,
      address: { host: '127.0.0.1', port: this.#ports.get(name) ?? 0 },
      registrations: this.#registrations[name],
      descriptorSet: await descriptorSet(),
      log,
      authenticate: meshAuthenticator(this.#keys),
    });
    this.#ports.set(name, server.port);
    this.#servers.set(name, server);
  }

  /** Ends it at once, with all calls that it serves. */
  async stop(name: MeshService): Promise<void> {
    await this.#servers.get(name)?.drain(0);
    this.#servers.delete(name);
  }

  get targets(): Record<MeshService, string> {
    const target = (name: MeshService) => `127.0.0.1:${this.#ports.get(name)}`;
    return {
      storage: target('storage'),
      'prompt-template': target('prompt-template'),
      'provider-adapter': target('provider-adapter'),
      evaluator: target('evaluator'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.drain(0)));
  }
}
