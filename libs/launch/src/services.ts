/** The services of the mesh, in an order that lets each find what it needs soonest. None depends on it. */
export const serviceNames = [
  'storage',
  'prompt-template',
  'provider-adapter',
  'evaluator',
  'gateway',
] as const;

/** One of the five services. */
export type ServiceName = (typeof serviceNames)[number];

/** Where a mesh on one machine listens. All ports are on loopback. */
export interface MeshPorts {
  /** gRPC port of each service. */
  readonly grpc: Readonly<Record<ServiceName, number>>;
  /** HTTP edge of the gateway. */
  readonly gatewayHttp: number;
  /** Bytes of images, at storage. */
  readonly storageHttp: number;
}

/** The ports that everything uses unless it is told otherwise. */
export const defaultPorts: MeshPorts = {
  grpc: {
    gateway: 50051,
    'prompt-template': 50052,
    'provider-adapter': 50053,
    evaluator: 50054,
    storage: 50055,
  },
  gatewayHttp: 8080,
  storageHttp: 8085,
};

const HOST = '127.0.0.1';

/** `host:port` where a service of the mesh serves gRPC. */
export function grpcAddress(ports: MeshPorts, name: ServiceName): string {
  return `${HOST}:${ports.grpc[name]}`;
}

/** The beginning of the names of a service's own variables, such as `PROMPT_TEMPLATE`. */
export function variablePrefix(name: ServiceName): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** The variables that make every service listen on these ports and find the others there. */
export function meshEnvironment(ports: MeshPorts, dataDir: string): Record<string, string> {
  const env: Record<string, string> = {
    ATELIER_DATA_DIR: dataDir,
    GATEWAY_HTTP_ADDR: `${HOST}:${ports.gatewayHttp}`,
    GATEWAY_PUBLIC_URL: `http://${HOST}:${ports.gatewayHttp}`,
    STORAGE_HTTP_ADDR: `${HOST}:${ports.storageHttp}`,
    STORAGE_PUBLIC_URL: `http://${HOST}:${ports.storageHttp}`,
  };
  for (const name of serviceNames) {
    env[`${variablePrefix(name)}_GRPC_ADDR`] = grpcAddress(ports, name);
    if (name !== 'gateway') env[`${variablePrefix(name)}_URL`] = grpcAddress(ports, name);
  }
  return env;
}
