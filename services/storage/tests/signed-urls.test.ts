import { request as httpRequest } from 'node:http';
import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { getBytes, putBytes, TransferError } from '@atelier/transfer';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caller, commit, fixture, picture, sha256 } from './harness.ts';

const red = caller('red');

type Fixture = Awaited<ReturnType<typeof fixture>>;
let storage: Fixture;
let bytes: Buffer;
let download: string;
let now = new Date();

beforeAll(async () => {
  storage = await fixture({}, { now: () => now });
  bytes = await picture('png', { size: 256 });
  const image = await commit(storage, bytes);
  download = (await signed(image.ref.name)).url;
});

afterAll(() => storage[Symbol.asyncDispose]());

async function signed(name: string, lifetimeSeconds = 0) {
  const request = { name, audience: Audience.INTERNAL, lifetimeSeconds };
  const { image } = await storage.images.getImageUrl(request, { principal: red });
  return image!;
}

async function reserve(content: Buffer = bytes) {
  return storage.images.createUpload(
    {
      sha256: sha256(content),
      sizeBytes: BigInt(content.length),
      mediaType: 'image/png',
      audience: Audience.INTERNAL,
    },
    { principal: red },
  );
}

function changed(url: string, name: string, value: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set(name, value);
  return parsed.href;
}

async function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { headers, method });
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A PUT as nobody's client library would send it. */
function rawPut(url: string, headers: Record<string, string>, body: Buffer | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method: 'PUT', headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

describe('a download', () => {
  test('brings the bytes, and says what they are', async () => {
    const { status, headers, body } = await get(download);
    expect(status).toBe(200);
    expect(body).toEqual(bytes);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      etag: `"${sha256(bytes)}"`,
      'cache-control': 'private, max-age=3600, immutable',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
  });

  test('has a head without the bytes', async () => {
    const { status, headers, body } = await get(download, {}, 'HEAD');
    expect([status, headers.get('content-length'), body.length]).toEqual([200, String(bytes.length), 0]);
  });

  test('is not sent again to whoever has it', async () => {
    expect((await get(download, { 'if-none-match': `"${sha256(bytes)}"` })).status).toBe(304);
    expect((await get(download, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test.each([
    ['bytes=0-9', 206, 0, 10],
    ['bytes=5-5', 206, 5, 6],
    ['bytes=100-', 206, 100, undefined],
    ['bytes=-7', 206, -7, undefined],
    ['bytes=10-99999999', 206, 10, undefined],
    ['bytes=-99999999', 206, 0, undefined],
    ['bytes=9-5', 200, 0, undefined],
    ['bytes=0-1,4-5', 200, 0, undefined],
    ['lines=0-1', 200, 0, undefined],
  ])('of the range %s is answered %i', async (range, status, start, end) => {
    const answer = await get(download, { range });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(bytes.subarray(start, end));
    if (status === 206) {
      const from = start < 0 ? bytes.length + start : start;
      const to = (end ?? bytes.length) - 1;
      expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`);
    }
  });

  test('of a range behind the end is 416', async () => {
    const { status, headers } = await get(download, { range: `bytes=${bytes.length}-` });
    expect([status, headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await get(download, { range: 'bytes=-0' })).status).toBe(416);
  });

  test('of a range is whole where the object is another one', async () => {
    expect((await get(download, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    expect((await get(download, { range: 'bytes=0-1', 'if-range': `"${sha256(bytes)}"` })).status).toBe(206);
  });
});

describe('a signed URL', () => {
  const elsewhere = (url: string, from: RegExp, to: string) => url.replace(from, to);
  test.each([
    ['without a signature', (url: string) => changed(url, 'signature', '')],
    ['with a forged signature', (url: string) => changed(url, 'signature', 'A'.repeat(43))],
    ['with a later end', (url: string) => changed(url, 'expires', '9999999999')],
    ['with another type', (url: string) => changed(url, 'type', 'text/html')],
    ['with another digest', (url: string) => changed(url, 'sha256', 'a'.repeat(64))],
    ['with another method', (url: string) => changed(url, 'method', 'PUT')],
    ['for another object', (url: string) => elsewhere(url, /images\/[^/]+/, 'images/other')],
    ['for another team', (url: string) => elsewhere(url, /teams\/red/, 'teams/blue')],
    ['for a path above', (url: string) => elsewhere(url, /teams\/red/, 'teams%2F..%2F..%2Fred')],
    ['of broken escapes', (url: string) => elsewhere(url, /teams\/red/, '%zz')],
    ['for nothing', (url: string) => new URL('/blobs/', url).href],
  ])('%s is refused', async (_, change) => {
    const { status, body } = await get(change(download));
    expect([status, JSON.parse(body.toString()).reason]).toEqual([403, 'UNAUTHENTICATED']);
  });

  test('does not allow the other method', async () => {
    expect(await rawPut(download, { 'content-length': '3' }, Buffer.from('abc'))).toBe(403);
    const { url } = await reserve();
    expect((await get(url)).status).toBe(403);
  });

  test('is of no use once it has expired', async () => {
    const image = await commit(storage, await picture('png', { x: 50 }));
    const { url, expireTime } = await signed(image.ref.name, 60);
    expect((await get(url)).status).toBe(200);
    const before = now;
    now = new Date(Number(expireTime?.seconds) * 1_000);
    expect((await get(url)).status).toBe(403);
    now = before;
  });

  test('takes no other methods', async () => {
    const { status, headers } = await get(download, {}, 'DELETE');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
    expect((await get(`${storage.origin}/healthz`, {}, 'POST')).status).toBe(405);
  });
});

test('the server says that it is alive, and nothing else', async () => {
  expect((await get(`${storage.origin}/healthz`)).status).toBe(200);
  expect((await get(`${storage.origin}/`)).status).toBe(404);
});

describe('an upload', () => {
  const type = { 'content-type': 'image/png' };
  test.each([
    ['of no length', 411, { ...type, 'transfer-encoding': 'chunked' }, () => bytes],
    ['that says it is longer', 413, { ...type, 'content-length': '999999' }, () => undefined],
    ['that says it is shorter', 400, { ...type, 'content-length': '3' }, () => Buffer.from('abc')],
    ['of other bytes', 400, type, () => Buffer.alloc(bytes.length, 1)],
    ['of another type', 403, { 'content-type': 'text/html' }, () => bytes],
    ['of no type', 403, {}, () => bytes],
  ])('%s is answered %i and leaves nothing', async (_, status, headers, body) => {
    const { url, uploadId } = await reserve();
    const content = body();
    const length = content === undefined ? {} : { 'content-length': String(content.length) };
    const sent = 'transfer-encoding' in headers ? headers : { ...length, ...headers };
    expect(await rawPut(url, sent as Record<string, string>, content)).toBe(status);
    await expect(storage.images.commitImage({ uploadId }, { principal: red })).rejects.toMatchObject({
      reason: 'UPLOAD_MISSING',
    });
  });

  test('may be repeated', async () => {
    const upload = await reserve();
    await putBytes(upload, bytes);
    await putBytes(upload, bytes);
    const { image } = await storage.images.commitImage({ uploadId: upload.uploadId }, { principal: red });
    expect(image?.ref?.sha256).toBe(sha256(bytes));
  });

  test('cannot replace what was committed from it', async () => {
    const upload = await reserve();
    await putBytes(upload, bytes);
    const first = await storage.images.commitImage({ uploadId: upload.uploadId }, { principal: red });
    await putBytes(upload, bytes);
    const again = await storage.images.commitImage({ uploadId: upload.uploadId }, { principal: red });
    expect(again.image).toEqual(first.image);
  });
});

test('a transfer tells what went wrong', async () => {
  const failure = async (promise: Promise<unknown>) =>
    promise.catch((error: unknown) =>
      error instanceof TransferError ? `${error.codeName} ${error.reason}` : error,
    );
  const reference = { url: download, sha256: sha256(bytes), sizeBytes: BigInt(bytes.length) };
  const upload = await reserve();
  expect(await failure(getBytes({ ...reference, sha256: 'a'.repeat(64) }, { maxBytes: 1e9 }))).toBe(
    'DATA_LOSS DIGEST_MISMATCH',
  );
  expect(await failure(getBytes({ ...reference, sizeBytes: 10n }, { maxBytes: 1e9 }))).toBe(
    'DATA_LOSS DIGEST_MISMATCH',
  );
  expect(await failure(getBytes(reference, { maxBytes: 10 }))).toBe('INVALID_ARGUMENT IMAGE_TOO_LARGE');
  expect(
    await failure(getBytes({ ...reference, url: changed(download, 'signature', '') }, { maxBytes: 1e9 })),
  ).toBe('PERMISSION_DENIED UNAUTHENTICATED');
  expect(await failure(putBytes(upload, Buffer.alloc(bytes.length)))).toBe(
    'INVALID_ARGUMENT DIGEST_MISMATCH',
  );
  const gone = { url: 'http://127.0.0.1:1/x', sha256: 'a', sizeBytes: 1n };
  expect(await failure(getBytes(gone, { maxBytes: 1e9 }))).toBe('UNAVAILABLE SERVICE_UNREACHABLE');
  const signal = AbortSignal.abort();
  expect(await failure(getBytes(reference, { maxBytes: 1e9, signal }))).toBe('CANCELLED CANCELLED');
});
