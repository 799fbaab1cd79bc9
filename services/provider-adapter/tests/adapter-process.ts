import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AdapterClients, Stage } from './harness.ts';

/** An adapter in a process of its own. */
export interface Adapter {
  readonly process: ChildProcess;
  readonly clients: AdapterClients;
  /** Settles with the exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts `main.ts` and waits until it serves. */
export async function spawnAdapter(stage: Stage, env: Record<string, string> = {}): Promise<Adapter> {
  const main = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...stage.env({ LOG_LEVEL: 'info', ...env }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const port = await servingPort(child, exited);
  return { process: child, clients: stage.clients(port), exited };
}

async function servingPort(child: ChildProcess, exited: Promise<number | null>): Promise<number> {
  if (child.stdout === null) throw new Error('the process has no output');
  const lines = createInterface({ input: child.stdout });
  const found = Promise.withResolvers<number>();
  const seen: string[] = [];
  lines.on('line', (line) => {
    seen.push(line);
    const address = /"address":"127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
    if (address !== undefined) found.resolve(Number(address));
  });
  exited.then((code) => {
    lines.close();
    found.reject(new Error(`the adapter ended with ${code}: ${seen.join('\n')}`));
  });
  return found.promise;
}
