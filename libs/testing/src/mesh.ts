import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaunchOptions, launchMesh, type Mesh, type ServiceName, type Variables } from '@atelier/launch';

/** A mesh of its own for one test file: fresh state, free ports, nothing left behind. */
export interface TestMesh extends AsyncDisposable {
  readonly mesh: Mesh;
  /** The last lines that a service wrote, for messages of tests that fail. */
  log(service: ServiceName): string;
}

const KEPT_LINES = 200;

/** What a test may ask for beside variables: only some of the services, and variables for single ones. */
export type TestMeshOptions = Pick<LaunchOptions, 'services' | 'serviceEnv'>;

/**
 * Launches the services as processes on free ports of loopback, with their state in a temporary folder: all five, or those
 * that the options name. `env` goes to every one.
 */
export async function launchTestMesh(env: Variables = {}, options: TestMeshOptions = {}): Promise<TestMesh> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-mesh-'));
  const lines = new Map<ServiceName, string[]>();
  const onLine = (service: ServiceName, line: string) => {
    const kept = lines.get(service) ?? [];
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    lines.set(service, kept);
  };
  const log = (service: ServiceName) => (lines.get(service) ?? []).join('\n');
  const mesh = await launchMesh({ ...options, dataDir, ports: 'free', env, onLine });
  return {
    mesh,
    log,
    [Symbol.asyncDispose]: async () => {
      await mesh.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
