import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkHealth, openChannel } from '@atelier/rpc';
import type { ServiceName } from './services.ts';

/** What a service process is started with. */
export interface ServiceProcessOptions {
  readonly name: ServiceName;
  /** `host:port` where it serves gRPC, as its variables tell it; there it is asked whether it is ready. */
  readonly address: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets each line that the service writes. */
  readonly onLine: (service: ServiceName, line: string) => void;
}

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const POLL_MS = 25;
const KEPT_LINES = 10;

/** One service as a process of its own. It can be killed and started again on the same port. */
export class ServiceProcess {
  readonly name: ServiceName;
  readonly #options: ServiceProcessOptions;
  /** The last lines that it wrote, for the error that says it did not start. */
  readonly #lines: string[] = [];
  #child: ChildProcess | undefined;

  constructor(options: ServiceProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** `host:port` where it serves gRPC. */
  get address(): string {
    return this.#options.address;
  }

  /** The process id, while it runs. */
  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process; it is not ready yet. */
  start(): void {
    if (this.running) return;
    const { name, env, onLine } = this.#options;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
      cwd: `${workspace}services/${name}`,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        onLine(name, line);
      });
    }
    this.#child = child;
  }

  /**
   * Resolves once the service says that it serves. Rejects when the process ends before, or the time is over.
   */
  async ready(timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    using channel = openChannel(this.address, { services: [] });
    while (Date.now() < deadline) {
      if (!this.running) throw this.#failure('ended before it was ready');
      const status = await checkHealth(channel, '', 1_000).catch(() => 'UNKNOWN' as const);
      if (status === 'SERVING') return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw this.#failure(`is not ready after ${timeoutMs} ms`);
  }

  /** Resolves once no process runs, to how the last one ended: a signal or an exit code. */
  async ended(): Promise<string> {
    const child = this.#child;
    if (child !== undefined && this.running) await once(child, 'exit');
    return child?.signalCode ?? `exit code ${child?.exitCode ?? 0}`;
  }

  #failure(what: string): Error {
    return new Error([`${this.name} ${what}`, ...this.#lines.map((line) => `  ${line}`)].join('\n'));
  }

  /** Sends a signal and waits for the end; SIGKILL follows when the service does not end by itself. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 15_000): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(timer);
  }

  /** Ends at once, without waiting; for the last moments of the process that launched it. */
  kill(): void {
    if (this.running) this.#child?.kill('SIGKILL');
  }
}
