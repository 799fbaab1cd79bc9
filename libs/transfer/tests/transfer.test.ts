import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { downloadTo, getBytes, putBytes, TransferError } from '../src/index.ts';

const bytes = Buffer.from('the bytes of a picture');
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** An object store that answers as the test says. */
async function store(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/object?signature=topsecret`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers with each of the statuses in turn, and then with the bytes. */
function failing(...statuses: number[]): RequestListener {
  return (request, response) => {
    request.resume().once('end', () => response.writeHead(statuses.shift() ?? 200).end(bytes));
  };
}

async function failure(promise: Promise<unknown>): Promise<TransferError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof TransferError) return error;
  throw new Error('expected a TransferError', { cause: error });
}

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'atelier-transfer-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test('what fails in passing is tried three times in all', async () => {
  await using twice = await store(failing(503, 500));
  expect(await getBytes({ ...twice, sha256, sizeBytes: 22n }, { maxBytes: 100 })).toEqual(bytes);
  await using thrice = await store(failing(503, 503, 503));
  expect(await failure(putBytes({ ...thrice, headers: {} }, bytes))).toMatchObject({
    codeName: 'UNAVAILABLE',
    code: 14,
    status: 503,
  });
});

test.each([
  [403, 'PERMISSION_DENIED', 'UNAUTHENTICATED'],
  [404, 'NOT_FOUND', 'NOT_FOUND'],
  [413, 'INVALID_ARGUMENT', 'INVALID_FIELD'],
])('the status %i is not repeated, and means %s', async (status, codeName, reason) => {
  let asked = 0;
  await using refusing = await store((_, response) => {
    asked += 1;
    response.writeHead(status).end();
  });
  const error = await failure(getBytes({ ...refusing, sha256, sizeBytes: 22n }, { maxBytes: 100 }));
  expect(error).toMatchObject({ codeName, reason, status });
  expect(error.message).not.toContain('topsecret');
  expect(asked).toBe(1);
});

test('the reason that the store gives is taken over', async () => {
  await using refusing = await store((request, response) => {
    request.resume();
    response.writeHead(400).end(JSON.stringify({ reason: 'DIGEST_MISMATCH', message: 'no' }));
  });
  const error = await failure(putBytes({ ...refusing, headers: { 'content-type': 'image/png' } }, bytes));
  expect(error).toMatchObject({ codeName: 'INVALID_ARGUMENT', reason: 'DIGEST_MISMATCH' });
});

test('an upload carries the signed headers and its length', async () => {
  const seen: unknown[] = [];
  await using recording = await store((request, response) => {
    const { 'content-type': type, 'content-length': length } = request.headers;
    seen.push(request.method, type, length);
    request.resume().once('end', () => response.end());
  });
  await putBytes({ ...recording, headers: { 'content-type': 'image/webp' } }, bytes);
  expect(seen).toEqual(['PUT', 'image/webp', '22']);
});

test('a download that hangs ends with its signal', async () => {
  await using hanging = await store((_, response) => void response.writeHead(200).write('the'));
  const signal = AbortSignal.timeout(50);
  const error = await failure(getBytes({ ...hanging, sha256, sizeBytes: 22n }, { maxBytes: 100, signal }));
  expect(error.codeName).toBe('DEADLINE_EXCEEDED');
});

test('a file appears whole or not at all', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'picture.png');
  await using good = await store(failing());
  await downloadTo({ ...good, sha256, sizeBytes: 22 }, path);
  expect(readFileSync(path)).toEqual(bytes);
  writeFileSync(path, 'before');
  const error = await failure(downloadTo({ ...good, sha256: 'f'.repeat(64), sizeBytes: 22 }, path));
  expect(error).toMatchObject({ codeName: 'DATA_LOSS', reason: 'DIGEST_MISMATCH' });
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(readdirSync(folder.path)).toEqual(['picture.png']);
  const nowhere = downloadTo({ ...good, sha256, sizeBytes: 22 }, join(folder.path, 'none/picture.png'));
  await expect(nowhere).rejects.toMatchObject({ code: 'ENOENT' });
});
