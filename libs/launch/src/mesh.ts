import { resolve } from 'node:path';
import { freePorts } from './free-ports.ts';
import { ServiceProcess } from './service-process.ts';
import {
  defaultPorts,
  grpcAddress,
  type MeshPorts,
  meshEnvironment,
  type ServiceName,
  serviceNames,
  variablePrefix,
} from './services.ts';

/** Variables for a process. */
export type Variables = Readonly<Record<string, string>>;

/** How a mesh is launched. */
export interface LaunchOptions {
  /** Where all embedded state goes. */
  readonly dataDir: string;
  /** `default` for the documented ports, `free` for any that are free. */
  readonly ports?: 'default' | 'free';
  /** The services that are started; default all five. The others are still told where a left out one would listen. */
  readonly services?: readonly ServiceName[];
  /** Further variables for every service; they win over those that the launcher sets. */
  readonly env?: Variables;
  /** Further variables for single services; they win over all others. */
  readonly serviceEnv?: Readonly<Partial<Record<ServiceName, Variables>>>;
  /** Gets each line that a service writes; the default drops them. */
  readonly onLine?: (service: ServiceName, line: string) => void;
}

/** Services that run as processes on loopback, one of each, and further replicas where they are asked for. */
export class Mesh {
  readonly ports: MeshPorts;
  readonly dataDir: string;
  readonly #options: LaunchOptions;
  readonly #processes: ReadonlyMap<ServiceName, ServiceProcess>;
  readonly #replicas: ServiceProcess[] = [];
  readonly #killAll = () => {
    for (const process of this.#all()) process.kill();
  };

  /** Nothing is started yet. */
  constructor(ports: MeshPorts, options: LaunchOptions) {
    this.ports = ports;
    this.dataDir = resolve(options.dataDir);
    this.#options = options;
    const services = options.services ?? serviceNames;
    this.#processes = new Map(
      services.map((name) => [name, this.#process(name, grpcAddress(ports, name), {})]),
    );
    process.once('exit', this.#killAll);
  }

  /** gRPC address of the gateway. */
  get address(): string {
    return grpcAddress(this.ports, 'gateway');
  }

  /** HTTP address of the gateway. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.ports.gatewayHttp}`;
  }

  /** The services that it was launched with. */
  get services(): readonly ServiceName[] {
    return [...this.#processes.keys()];
  }

  /** One of the processes; throws where the mesh was launched without it. */
  service(name: ServiceName): ServiceProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new Error(`the mesh was launched without ${name}`);
    return found;
  }

  /**
   * A further process of a service, with the state and the keys of the mesh, that serves gRPC at `host:port`. It is not
   * started yet; it stops with the mesh.
   */
  replica(name: ServiceName, address: string, env: Variables = {}): ServiceProcess {
    const replica = this.#process(name, address, { [`${variablePrefix(name)}_GRPC_ADDR`]: address, ...env });
    this.#replicas.push(replica);
    return replica;
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
    await this.#processes.get('gateway')?.stop();
    await Promise.all(this.#all().map((service) => service.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #all(): readonly ServiceProcess[] {
    return [...this.#processes.values(), ...this.#replicas];
  }

  #process(name: ServiceName, address: string, more: Variables): ServiceProcess {
    const { env, serviceEnv, onLine = () => undefined } = this.#options;
    const common = meshEnvironment(this.ports, this.dataDir);
    return new ServiceProcess({
      name,
      address,
      env: { ...common, ...env, ...serviceEnv?.[name], ...more },
      onLine,
    });
  }
}

/** Starts the services and resolves once all are ready. When one cannot start, the others are stopped. */
export async function launchMesh(options: LaunchOptions): Promise<Mesh> {
  const ports = options.ports === 'free' ? await freePorts() : defaultPorts;
  const mesh = new Mesh(ports, options);
  try {
    await mesh.start();
  } catch (error) {
    await mesh.stop();
    throw error;
  }
  return mesh;
}
