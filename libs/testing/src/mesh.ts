import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchMesh, type Mesh, type ServiceName } from '@atelier/launch';

/** A mesh of its own for one test file: fresh state, free ports, nothing left behind. */
export interface TestMesh extends AsyncDisposable {
  readonly mesh: Mesh;
  /** The last lines that a service wrote, for messages of tests that fail. */
  log(service: ServiceName): string;
}

const KEPT_LINES = 200;

/** Launches five processes on free ports of loopback, with their state in a temporary folder. */
export async function launchTestMesh(env: Readonly<Record<string, string>> = {}): Promise<TestMesh> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-mesh-'));
  const lines = new Map<ServiceName, string[]>();
  const onLine = (service: ServiceName, line: string) => {
    const kept = lines.get(service) ?? [];
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    lines.set(service, kept);
  };
  const log = (service: ServiceName) => (lines.get(service) ?? []).join('\n');
  const mesh = await launchMesh({ dataDir, ports: 'free', env, onLine });
  return {
    mesh,
    log,
    [Symbol.asyncDispose]: async () => {
      await mesh.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
