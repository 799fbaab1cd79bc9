import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@atelier/observability';
import { Audience, type ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { type Image, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import {
  type Channel,
  createClient,
  generateMeshKeys,
  isRpcError,
  meshAuthenticator,
  openChannel,
  type Principal,
  principalSigner,
} from '@atelier/rpc';
import { putBytes } from '@atelier/transfer';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import sharp from 'sharp';
import {
  loadStorageConfig,
  type RunningService,
  type StorageStartOverrides,
  startStorage,
} from '../src/service.ts';

export const keys = generateMeshKeys();
const sign = principalSigner(keys.privateKey);
const services = [AdminService, DocumentService, ImageService, RecordService];

/** A data directory that goes when the test ends. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'atelier-storage-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts storage on free ports of loopback. */
export function start(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  overrides: StorageStartOverrides = {},
): Promise<RunningService> {
  const config = loadStorageConfig({
    ATELIER_DATA_DIR: dataDir,
    STORAGE_GRPC_ADDR: '127.0.0.1:0',
    STORAGE_HTTP_ADDR: '127.0.0.1:0',
    ...env,
  });
  const log = createLogger({
    service: 'storage',
    level: (process.env.TEST_LOG as 'debug' | undefined) ?? 'silent',
  });
  return startStorage(config, { log, authenticate: meshAuthenticator(keys), ...overrides });
}

/** A caller of a team. */
export function caller(team = 'red', more: Partial<Principal> = {}): Principal {
  return sign({
    team: `teams/${team}`,
    keyId: `keys/${team}`,
    subject: `${team} tests`,
    scopes: ['generate'],
    expireTime: new Date(Date.now() + 3_600_000),
    kind: 'caller',
    ...more,
  });
}

/** Whoever administers the platform. */
export const admin = (): Principal => caller('platform', { scopes: ['platform-admin'] });

/** Metadata of a service that vouches for how an image was made. */
export const adapterHeaders = { 'atelier-caller-service': 'provider-adapter' };

/** Typed clients of everything that storage serves. */
export function clients(target: string) {
  const channel: Channel = openChannel(target, { services, credential: keys.credential });
  return {
    documents: createClient(DocumentService, channel),
    images: createClient(ImageService, channel),
    records: createClient(RecordService, channel),
    admin: createClient(AdminService, channel),
    [Symbol.dispose]: () => channel.close(),
  };
}

export type Clients = ReturnType<typeof clients>;

/** Storage with a directory and clients of its own. */
export async function fixture(
  env: Readonly<Record<string, string>> = {},
  overrides: StorageStartOverrides = {},
) {
  const stack = new AsyncDisposableStack();
  const directory = stack.use(temporaryDirectory());
  const service = stack.use(await start(directory.path, env, overrides));
  const client = stack.use(clients(`127.0.0.1:${service.grpcPort}`));
  return {
    ...client,
    dataDir: directory.path,
    service,
    origin: `http://127.0.0.1:${service.httpPort}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A small picture: a disc on a ground, so that different colours and places have different hashes. */
export function picture(
  format: 'png' | 'jpeg' | 'webp' = 'png',
  { x = 20, size = 64, colour = '#cc3300' }: { x?: number; size?: number; colour?: string } = {},
): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">
    <rect width="100%" height="100%" fill="#eeeeee"/><circle cx="${x}" cy="32" r="14" fill="${colour}"/></svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Uploads bytes; gives the id to commit with. */
export async function uploadBytes(
  { images }: Pick<Clients, 'images'>,
  bytes: Buffer,
  options: { principal?: Principal; mediaType?: string; requestId?: string } = {},
): Promise<string> {
  const { principal = caller(), mediaType = 'image/png', requestId = '' } = options;
  const upload = await images.createUpload(
    {
      sha256: sha256(bytes),
      sizeBytes: BigInt(bytes.length),
      mediaType,
      requestId,
      audience: Audience.INTERNAL,
    },
    { principal },
  );
  await putBytes(upload, bytes);
  return upload.uploadId;
}

/** Uploads and commits an image. */
export async function commit(
  client: Pick<Clients, 'images'>,
  bytes: Buffer,
  options: Parameters<typeof uploadBytes>[2] & {
    image?: MessageInitShape<typeof ImageSchema>;
    made?: boolean;
  } = {},
): Promise<Image & { ref: ImageRef }> {
  const { principal = caller(), image, made = false } = options;
  const uploadId = await uploadBytes(client, bytes, options);
  const answer = await client.images.commitImage(
    { uploadId, image: create(ImageSchema, image) },
    { principal, ...(made && { headers: adapterHeaders }) },
  );
  return answer.image as Image & { ref: ImageRef };
}

/** Code and reason of the error that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isRpcError(error)) return `${error.codeName} ${error.reason}`;
    throw error;
  }
  return 'OK';
}
