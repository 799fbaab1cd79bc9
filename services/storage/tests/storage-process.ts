import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { createClient, loadMeshIdentity, openChannel } from '@atelier/rpc';

const folder = fileURLToPath(new URL('../', import.meta.url));

/** Storage as a process of its own, which can be killed at any moment. */
export interface StorageProcess {
  readonly records: ReturnType<typeof createClient<typeof RecordService>>;
  readonly documents: ReturnType<typeof createClient<typeof DocumentService>>;
  readonly admin: ReturnType<typeof createClient<typeof AdminService>>;
  /** Kills it without a warning, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts the process on a data directory and waits until it serves. */
export async function spawnStorage(dataDir: string): Promise<StorageProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ATELIER_DATA_DIR: dataDir,
      STORAGE_GRPC_ADDR: '127.0.0.1:0',
      STORAGE_HTTP_ADDR: '127.0.0.1:0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await servingAddress(child);
  const channel = openChannel(address, {
    services: [],
    credential: loadMeshIdentity({}, dataDir).credential,
  });
  return {
    records: createClient(RecordService, channel),
    documents: createClient(DocumentService, channel),
    admin: createClient(AdminService, channel),
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      channel.close();
    },
  };
}

async function servingAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg?: string; address?: string };
    if (entry.msg !== 'serving gRPC' || entry.address === undefined) continue;
    child.stdout.resume();
    return entry.address;
  }
  throw new Error('storage ended before it served');
}
