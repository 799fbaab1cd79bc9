import { join, resolve } from 'node:path';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import type { BlobStore } from './blobs/blob-store.ts';
import { FsBlobStore } from './blobs/fs/fs-blob-store.ts';
import { keptSigningKey } from './blobs/fs/signing-key.ts';
import { UrlSigner } from './blobs/fs/url-signer.ts';
import { type BlobServer, serveBlobs } from './blobs/http/blob-server.ts';
import { blobOrigins } from './blobs/origins.ts';
import type { StorageConfig } from './config.ts';
import { DocumentStore } from './documents/document-store.ts';
import { ImageStore } from './images/image-store.ts';
import { Uploads } from './images/uploads.ts';
import { Loader } from './records/loader.ts';
import { Records } from './records/records.ts';
import { TruthStore } from './records/truth-store.ts';
import { DuckDbWarehouse } from './warehouse/duckdb/duckdb-warehouse.ts';
import type { Warehouse } from './warehouse/warehouse.ts';

/** What handlers work with. */
export interface StorageContext extends AsyncDisposable {
  readonly config: StorageConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly blobs: BlobStore;
  /** Serves the signed URLs. */
  readonly blobServer: BlobServer;
  readonly documents: DocumentStore;
  readonly uploads: Uploads;
  readonly images: ImageStore;
  readonly records: Records;
  readonly loader: Loader;
  readonly warehouse: Warehouse;
}

/** What tests replace. */
export interface StorageOverrides {
  readonly log?: Logger;
  readonly now?: () => Date;
}

/** Joins the parts. The only place that names adapters. */
export async function createContext(
  config: StorageConfig,
  overrides: StorageOverrides = {},
): Promise<StorageContext> {
  const log = overrides.log ?? createLogger({ service: 'storage', level: config.LOG_LEVEL });
  const now = overrides.now ?? (() => new Date());
  const directory = join(resolve(config.ATELIER_DATA_DIR), 'storage');
  const secret = config.STORAGE_SIGNING_KEY ?? (await keptSigningKey(directory));
  const signer = new UrlSigner(secret, blobOrigins(config, config.STORAGE_HTTP_ADDR.port));
  await using stack = new AsyncDisposableStack();
  const blobs = stack.use(await FsBlobStore.open(join(directory, 'blobs'), signer));
  const truth = new TruthStore(blobs, (pending) => loader.add(pending));
  const warehouse = stack.use(new DuckDbWarehouse(join(directory, 'warehouse.duckdb')));
  const loader: Loader = stack.use(new Loader({ truth, warehouse, log, now }));
  await loader.start();
  const blobServer = stack.use(
    await serveBlobs({ address: config.STORAGE_HTTP_ADDR, blobs, signer, log, now }),
  );
  signer.origins = blobOrigins(config, blobServer.port);
  const images = new ImageStore({
    blobs,
    truth,
    now,
    maxPixels: config.STORAGE_MAX_PIXELS,
    publicUrl: config.GATEWAY_PUBLIC_URL,
  });
  const owned = stack.move();
  return {
    config,
    log,
    metrics: createMetrics('storage'),
    now,
    blobs,
    blobServer,
    documents: new DocumentStore(blobs, now),
    uploads: new Uploads(blobs, now),
    images,
    records: new Records(truth, blobs, now),
    loader,
    warehouse,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
