import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type MeshPorts, serviceNames } from './services.ts';

/**
 * Ports of loopback that were free a moment ago. They are held open together while they are found, so that no two are
 * the same.
 */
export async function freePorts(): Promise<MeshPorts> {
  const servers = await Promise.all(
    Array.from({ length: serviceNames.length + 2 }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  const [gatewayHttp = 0, storageHttp = 0, ...grpcPorts] = ports;
  const grpc = Object.fromEntries(serviceNames.map((name, index) => [name, grpcPorts[index]]));
  return { grpc: grpc as MeshPorts['grpc'], gatewayHttp, storageHttp };
}
