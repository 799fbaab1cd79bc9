import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ImageRef, ImageRefSchema } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { failedPrecondition, invalidArgument, notFound, type Registration } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { partial } from './partial.ts';

interface Upload {
  readonly sha256: string;
  readonly sizeBytes: bigint;
  readonly mediaType: string;
  bytes?: Buffer;
}

/** Images in memory, with signed URLs that lead to a real HTTP server. */
export class ObjectStore {
  readonly registration: Registration;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #uploads = new Map<string, Upload>();
  readonly #images = new Map<string, { ref: ImageRef; bytes: Buffer }>();
  #url = '';
  /** Answers of the HTTP server in place of its own, first come first. */
  readonly answers: number[] = [];
  /** Changes what is read, to see it noticed. */
  corrupt = false;

  constructor() {
    this.registration = partial(ImageService, {
      createUpload: async (request) => {
        const uploadId = randomUUID();
        this.#uploads.set(uploadId, request);
        const headers = { 'content-type': request.mediaType, 'x-sha256': request.sha256, host: 'ignored' };
        return { uploadId, url: `${this.#url}/uploads/${uploadId}`, headers };
      },
      commitImage: async ({ uploadId }) => {
        const upload = this.#uploads.get(uploadId);
        if (upload?.bytes === undefined) throw failedPrecondition('No bytes.', { reason: 'UPLOAD_MISSING' });
        const digest = createHash('sha256').update(upload.bytes).digest('hex');
        if (digest !== upload.sha256)
          throw invalidArgument('sha256', 'differs', { reason: 'DIGEST_MISMATCH' });
        return { image: { ref: this.add(upload.bytes, upload.mediaType) } };
      },
      getImage: async ({ name }) => ({ image: { ref: this.#get(name).ref } }),
      getImageUrl: async ({ name }) => ({ image: this.#signed(name) }),
      deleteImage: async ({ name }) => {
        const { ref } = this.#get(name);
        this.#images.delete(name);
        return { image: { ref } };
      },
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  get imageNames(): string[] {
    return [...this.#images.keys()];
  }

  /** Commits an image. */
  add(bytes: Buffer, mediaType = 'image/png'): ImageRef {
    const name = `images/${randomUUID()}`;
    const ref = create(ImageRefSchema, {
      name,
      uri: `file:///${name}`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: BigInt(bytes.length),
      mediaType,
      width: 512,
      height: 512,
    });
    this.#images.set(name, { ref, bytes });
    return ref;
  }

  #get(name: string) {
    const image = this.#images.get(name);
    if (image === undefined) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
    return image;
  }

  #signed(name: string): ImageRef {
    const url = `${this.#url}/${name}`;
    return { ...this.#get(name).ref, url, expireTime: timestampFromMs(Date.now() + 300_000) };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = this.answers.shift();
    if (answer !== undefined) {
      response.writeHead(answer).end(JSON.stringify({ reason: 'OVERLOADED' }));
      return;
    }
    const path = request.url ?? '';
    const upload = this.#uploads.get(path.replace('/uploads/', ''));
    if (request.method === 'PUT' && upload !== undefined) {
      const isSigned = request.headers['x-sha256'] === upload.sha256;
      if (isSigned) upload.bytes = Buffer.concat(chunks);
      response.writeHead(isSigned ? 200 : 403).end();
      return;
    }
    const image = this.#images.get(path.slice(1));
    if (image === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(this.corrupt ? Buffer.from('other bytes') : image.bytes);
  }
}
