import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Secret } from '@atelier/config';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { retryAfter, statusFailure } from './status-failure.ts';
import { type HttpAnswer, sendRequest } from './transport.ts';
import { previewOf, type WireRequest } from './wire-request.ts';

const never = new AbortController().signal;

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const get = (url: string): WireRequest => ({ method: 'GET', url });
const collect = ({ body }: HttpAnswer) => text(Readable.from(body));

describe('sending', () => {
  test('sends credentials and both kinds of bodies', async () => {
    const seen: string[] = [];
    await using server = await serve(async (request, response) => {
      const body = await text(request);
      seen.push(`${request.headers.authorization} ${request.headers['content-type']?.split(';')[0]} ${body}`);
      response.end('ok');
    });
    const credentials = { authorization: { scheme: 'Bearer ', secret: new Secret('key-1') } };
    const wire = { method: 'POST' as const, url: server.url, credentials };
    const json = { kind: 'json' as const, value: { prompt: 'äpfel' } };
    expect(await collect(await sendRequest({ ...wire, body: json }, never))).toBe('ok');
    const facts = { mediaType: 'image/png', sizeBytes: 3, sha256: 'ab' };
    const parts = [
      { name: 'prompt', text: 'äpfel' },
      { name: 'image', fileName: 'image-0.png', facts, bytes: Buffer.from('png') },
    ];
    await collect(await sendRequest({ ...wire, body: { kind: 'form', parts } }, never));
    expect(seen[0]).toBe('Bearer key-1 application/json {"prompt":"äpfel"}');
    expect(seen[1]).toMatch(/^Bearer key-1 multipart\/form-data .*name="image"; filename="image-0.png"/s);
  });

  test('nobody there: surely not sent', async () => {
    const { url, ...server } = await serve(() => {});
    await server[Symbol.asyncDispose]();
    const failure = { failureClass: FailureClass.UNAVAILABLE, isNotSent: true };
    await expect(sendRequest(get(url), never)).rejects.toMatchObject(failure);
    const nowhere = get('http://no-such-host.invalid/');
    await expect(sendRequest(nowhere, never)).rejects.toMatchObject(failure);
  });

  test('lost while the connection is made: surely not sent; and only HTTP/1.1 is offered', async () => {
    const hello = Promise.withResolvers<Buffer>();
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        hello.resolve(data);
        socket.destroy();
      });
    }).listen(0, '127.0.0.1');
    await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(sendRequest(get(`https://127.0.0.1:${port}/`), never)).rejects.toMatchObject({
      failureClass: FailureClass.UNAVAILABLE,
      isNotSent: true,
    });
    const offered = (await hello.promise).toString('latin1');
    expect(offered).toContain('http/1.1');
    for (const both of ['\x02h2\x08http/1.1', 'http/1.1\x02h2']) expect(offered).not.toContain(both);
  });

  test('a way that is gone after the request left: nobody knows, whatever the code of the error', async () => {
    const connected = Promise.withResolvers<Socket>();
    const listener = (message: unknown) => connected.resolve((message as { socket: Socket }).socket);
    subscribe('undici:client:connected', listener);
    await using server = await serve(async () => {
      const lost = Object.assign(new Error('read EHOSTUNREACH'), { code: 'EHOSTUNREACH', syscall: 'read' });
      (await connected.promise).destroy(lost);
    });
    await expect(sendRequest(get(server.url), never)).rejects.toMatchObject({
      failureClass: FailureClass.UNKNOWN_OUTCOME,
      isNotSent: false,
    });
    unsubscribe('undici:client:connected', listener);
  });

  test('lost before or in the middle of the answer: nobody knows', async () => {
    const unknown = { failureClass: FailureClass.UNKNOWN_OUTCOME, isNotSent: false };
    await using silent = await serve((request) => request.socket.destroy());
    await expect(sendRequest(get(silent.url), never)).rejects.toMatchObject(unknown);
    await using half = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    await expect(sendRequest(get(half.url), never).then(collect)).rejects.toMatchObject(unknown);
  });

  test('an aborted signal gives its own reason', async () => {
    await using server = await serve(() => {});
    const control = new AbortController();
    const sending = sendRequest(get(server.url), control.signal);
    const reason = Symbol('cancelled');
    control.abort(reason);
    await expect(sending).rejects.toBe(reason);
  });
});

test('a preview has no secret, and every binary part in words', () => {
  const facts = { mediaType: 'image/png', sizeBytes: 3, sha256: 'ab' };
  const shown = previewOf({
    method: 'POST',
    url: 'https://api.example/v1',
    headers: { accept: 'image/*' },
    credentials: { 'x-key': { scheme: '', secret: new Secret('key-1') } },
    body: {
      kind: 'form',
      parts: [
        { name: 'prompt', text: 'äpfel' },
        { name: 'mask', fileName: 'mask.png', facts },
      ],
    },
  });
  expect(shown).toEqual({
    method: 'POST',
    url: 'https://api.example/v1',
    headers: { accept: 'image/*', 'x-key': '[redacted]', 'content-type': 'multipart/form-data' },
    body: {},
    parts: [
      { name: 'prompt', mediaType: 'text/plain', sizeBytes: 6, sha256: '', text: 'äpfel' },
      { name: 'mask', ...facts, text: '' },
    ],
  });
});

describe('statuses', () => {
  const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
    status,
    header: (name) => headers[name],
    body: (async function* () {})(),
  });

  test.each([
    [400, FailureClass.INVALID_REQUEST],
    [401, FailureClass.AUTH],
    [402, FailureClass.ACCOUNT],
    [403, FailureClass.AUTH],
    [408, FailureClass.UNAVAILABLE],
    [422, FailureClass.INVALID_REQUEST],
    [429, FailureClass.RATE_LIMITED],
    [500, FailureClass.UNAVAILABLE],
    [502, FailureClass.UNKNOWN_OUTCOME],
    [503, FailureClass.UNAVAILABLE],
    [504, FailureClass.UNKNOWN_OUTCOME],
    [302, FailureClass.BAD_ANSWER],
  ])('%i', (status, failureClass) => {
    expect(statusFailure(answer(status), 'no\n way').failureClass).toBe(failureClass);
    expect(statusFailure(answer(status), 'no\n way').message).toBe(`The provider answered ${status}: no way`);
  });

  test('the text of a provider is cut', () => {
    expect(statusFailure(answer(400), 'x'.repeat(10_000)).message.length).toBeLessThan(600);
  });

  test.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '30', 'retry-after': '2' }, 30],
    [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j asks to wait %p ms', (headers, expected) => {
    expect(
      retryAfter(answer(429, headers as Record<string, string>), Date.parse('2026-11-24T12:00:00Z')),
    ).toBe(expected);
  });
});
