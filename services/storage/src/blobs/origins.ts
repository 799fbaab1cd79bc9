import { formatHostPort } from '@atelier/config';
import type { StorageConfig } from '../config.ts';
import type { BlobOrigins } from './fs/url-signer.ts';

type Settings = Pick<StorageConfig, 'STORAGE_HTTP_ADDR' | 'STORAGE_INTERNAL_URL' | 'STORAGE_PUBLIC_URL'>;

/** What signed URLs begin with, for both audiences, once the port is known. */
export function blobOrigins(config: Settings, port: number): BlobOrigins {
  const { host } = config.STORAGE_HTTP_ADDR;
  // An address that listens everywhere is reached on this machine by loopback.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    internal: config.STORAGE_INTERNAL_URL ?? `http://${formatHostPort({ host: reachable, port })}`,
    public: config.STORAGE_PUBLIC_URL ?? `http://${formatHostPort({ host: '127.0.0.1', port })}`,
  };
}
