import { readFileSync } from 'node:fs';
import { ConfigError, Secret } from '@atelier/config';
import type { ServerTls } from '@atelier/rpc';
import type { GatewayConfig } from './config.ts';

/** Certificate and key of both ports; undefined for plaintext. Throws `ConfigError` where a file cannot be read. */
export function readTls({ GATEWAY_TLS_CERT, GATEWAY_TLS_KEY }: GatewayConfig): ServerTls | undefined {
  if (GATEWAY_TLS_CERT === undefined || GATEWAY_TLS_KEY === undefined) return undefined;
  return {
    certificate: readPem('GATEWAY_TLS_CERT', GATEWAY_TLS_CERT),
    key: new Secret(readPem('GATEWAY_TLS_KEY', GATEWAY_TLS_KEY)),
  };
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConfigError([{ variable, message: `the file cannot be read: ${code}` }]);
  }
}
