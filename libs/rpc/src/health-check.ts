// The health check of a container: `node health-check.ts` exits 0 while the service of this container serves. It asks the
// address on which the service listens, over loopback.
import { parseHostPort } from '@atelier/config';
import { openChannel } from './client/channel.ts';
import { checkHealth } from './client/health.ts';

const service = process.env.SERVICE ?? '';
const variable = `${service.toUpperCase().replaceAll('-', '_')}_GRPC_ADDR`;
const address = parseHostPort(process.env[variable] ?? '');
if (address === undefined) {
  process.stderr.write(`${variable} is not set to host:port\n`);
  process.exitCode = 2;
} else {
  using channel = openChannel(`127.0.0.1:${address.port}`, { services: [] });
  const status = await checkHealth(channel, '', 4_000).catch((error: Error) => error.message);
  process.stdout.write(`${status}\n`);
  process.exitCode = status === 'SERVING' ? 0 : 1;
}
