import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@atelier/observability';
import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import {
  createClient,
  generateMeshKeys,
  isRpcError,
  meshAuthenticator,
  openChannel,
  type Principal,
  principalSigner,
} from '@atelier/rpc';
import { loadStorageConfig, startStorage } from '@atelier/storage';
import { putBytes } from '@atelier/transfer';
import sharp from 'sharp';
import { type EvaluatorOverrides, loadEvaluatorConfig, startEvaluator } from '../src/service.ts';

const keys = generateMeshKeys();
const sign = principalSigner(keys.privateKey);
const log = createLogger({ service: 'test', level: 'silent' });

/** A caller of a team. */
export function caller(team = 'red'): Principal {
  return sign({
    team: `teams/${team}`,
    keyId: `keys/${team}`,
    subject: `${team} tests`,
    scopes: ['generate', 'author'],
    expireTime: new Date(Date.now() + 3_600_000),
    kind: 'caller',
  });
}

/** A real storage and a real evaluator on free ports, and clients of both. `beside` lends its storage to a second evaluator. */
export async function fixture(
  env: Readonly<Record<string, string>> = {},
  overrides: EvaluatorOverrides = {},
  beside?: { readonly storage: { readonly grpcPort: number } },
) {
  const stack = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-evaluator-'));
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const authenticate = meshAuthenticator(keys);
  const mesh = {
    ATELIER_DATA_DIR: dataDir,
    MESH_CREDENTIAL: keys.credential.reveal(),
    MESH_PRINCIPAL_PUBLIC_KEY: keys.publicKey,
  };
  const storageConfig = loadStorageConfig({
    ...mesh,
    STORAGE_GRPC_ADDR: '127.0.0.1:0',
    STORAGE_HTTP_ADDR: '127.0.0.1:0',
  });
  const storage = beside?.storage ?? stack.use(await startStorage(storageConfig, { log, authenticate }));
  const config = loadEvaluatorConfig({
    ...mesh,
    EVALUATOR_GRPC_ADDR: '127.0.0.1:0',
    STORAGE_URL: `127.0.0.1:${storage.grpcPort}`,
    EVALUATOR_WORKERS: '1',
    ...env,
  });
  const evaluator = stack.use(await startEvaluator(config, { log, authenticate, ...overrides }));
  const credential = keys.credential;
  const toStorage = openChannel(`127.0.0.1:${storage.grpcPort}`, {
    services: [DocumentService, ImageService],
    credential,
  });
  const toEvaluator = openChannel(`127.0.0.1:${evaluator.grpcPort}`, {
    services: [EvaluationService, RubricService],
    credential,
  });
  stack.defer(() => {
    toStorage.close();
    toEvaluator.close();
  });
  return {
    documents: createClient(DocumentService, toStorage),
    images: createClient(ImageService, toStorage),
    evaluation: createClient(EvaluationService, toEvaluator),
    rubrics: createClient(RubricService, toEvaluator),
    storage,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type Fixture = Awaited<ReturnType<typeof fixture>>;

/** So many discs of one colour on a plain ground, 512 pixels square. */
export function discs(count: number, colour = '#cc2222', ground = '#ffffff'): Promise<Buffer> {
  const step = 512 / (count + 1);
  const circles = Array.from(
    { length: count },
    (_, index) =>
      `<circle cx="${step * (index + 1)}" cy="256" r="${Math.min(70, step * 0.4)}" fill="${colour}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
    <rect width="100%" height="100%" fill="${ground}"/>${circles.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Uploads and commits an image; gives its name. */
export async function commit({ images }: Pick<Fixture, 'images'>, bytes: Buffer, principal = caller()) {
  const upload = await images.createUpload(
    {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: BigInt(bytes.length),
      mediaType: 'image/png',
      audience: Audience.INTERNAL,
    },
    { principal },
  );
  await putBytes(upload, bytes);
  const { image } = await images.commitImage({ uploadId: upload.uploadId }, { principal });
  return image?.ref?.name ?? '';
}

/** Code, reason and fields of the error that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (!isRpcError(error)) throw error;
    return [error.codeName, error.reason, ...error.fieldViolations.map(({ field }) => field)].join(' ');
  }
  return 'OK';
}
