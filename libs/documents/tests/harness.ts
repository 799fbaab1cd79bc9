import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@atelier/observability';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import {
  createClient,
  generateMeshKeys,
  meshAuthenticator,
  openChannel,
  type Principal,
  type RpcServer,
  serve,
} from '@atelier/rpc';
import type { DocumentClient } from '../src/index.ts';
import { MemoryDocuments } from './memory-documents.ts';

/** A document service over a real socket, and a client of it. */
export interface Harness extends AsyncDisposable {
  readonly memory: MemoryDocuments;
  readonly client: DocumentClient;
  readonly server: RpcServer;
}

const descriptorSet = fileURLToPath(import.meta.resolve('@atelier/protos/descriptor-set.binpb'));

export async function startHarness(): Promise<Harness> {
  const { credential, publicKey } = generateMeshKeys();
  const memory = new MemoryDocuments();
  const server = await serve({
    name: 'documents',
    address: { host: '127.0.0.1', port: 0 },
    registrations: [memory.registration()],
    descriptorSet: await readFile(descriptorSet),
    log: createLogger({ service: 'test', level: 'silent' }),
    authenticate: meshAuthenticator({ credential, publicKey }),
  });
  const channel = openChannel(`127.0.0.1:${server.port}`, { services: [DocumentService], credential });
  return {
    memory,
    client: createClient(DocumentService, channel),
    server,
    async [Symbol.asyncDispose]() {
      channel.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The call of a member of the team. */
export function callOf(team: string, requestId = ''): { principal: Principal; requestId: string } {
  const expireTime = new Date('2100-01-01T00:00:00Z');
  const principal = { team, keyId: 'k1', subject: 'Ada', scopes: [], expireTime, kind: 'caller' } as const;
  return { principal, requestId: requestId || `request-${team}` };
}
