import { resolve } from 'node:path';
import { freePorts } from './free-ports.ts';
import { ServiceProcess } from './service-process.ts';
import { defaultPorts, type MeshPorts, meshEnvironment, type ServiceName, serviceNames } from './services.ts';

/** How a mesh is launched. */
export interface LaunchOptions {
  /** Where all embedded state goes. */
  readonly dataDir: string;
  /** `default` for the documented ports, `free` for any that are free. */
  readonly ports?: 'default' | 'free';
  /** Further variables for every service; they win over those that the launcher sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets each line that a service writes; the default drops them. */
  readonly onLine?: (service: ServiceName, line: string) => void;
}

/** Five services that run as five processes on loopback. */
export class Mesh {
  readonly ports: MeshPorts;
  readonly dataDir: string;
  readonly #processes: ReadonlyMap<ServiceName, ServiceProcess>;
  readonly #killAll = () => {
    for (const process of this.#processes.values()) process.kill();
  };

  constructor(ports: MeshPorts, dataDir: string, processes: ReadonlyMap<ServiceName, ServiceProcess>) {
    this.ports = ports;
    this.dataDir = dataDir;
    this.#processes = processes;
    process.once('exit', this.#killAll);
  }

  /** gRPC address of the gateway. */
  get address(): string {
    return `127.0.0.1:${this.ports.grpc.gateway}`;
  }

  /** HTTP address of the gateway. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.ports.gatewayHttp}`;
  }

  /** One of the processes. */
  service(name: ServiceName): ServiceProcess {
    return this.#processes.get(name) as ServiceProcess;
  }

  /** Starts whatever does not run, and waits until everything is ready. */
  async start(): Promise<void> {
    for (const process of this.#processes.values()) process.start();
    await Promise.all([...this.#processes.values()].map((process) => process.ready()));
  }

  /** Stops one service and starts it again on the same port. */
  async restart(name: ServiceName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const process = this.service(name);
    await process.stop(signal);
    process.start();
    await process.ready();
  }

  /** Drains all services, the gateway first, so that nothing it needs goes before it. */
  async stop(): Promise<void> {
    process.off('exit', this.#killAll);
    await this.service('gateway').stop();
    await Promise.all([...this.#processes.values()].map((service) => service.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts the five services and resolves once all are ready. When one cannot start, the others are stopped. */
export async function launchMesh(options: LaunchOptions): Promise<Mesh> {
  const ports = options.ports === 'free' ? await freePorts() : defaultPorts;
  const dataDir = resolve(options.dataDir);
  const env = { ...meshEnvironment(ports, dataDir), ...options.env };
  const onLine = options.onLine ?? (() => undefined);
  const processes = new Map(
    serviceNames.map((name) => [name, new ServiceProcess({ name, port: ports.grpc[name], env, onLine })]),
  );
  const mesh = new Mesh(ports, dataDir, processes);
  try {
    await mesh.start();
  } catch (error) {
    await mesh.stop();
    throw error;
  }
  return mesh;
}
