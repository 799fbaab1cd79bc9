import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { BadRequestSchema, ErrorInfoSchema } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { Code as ConnectCode, ConnectError, createClient as createConnectClient } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { describe, expect, test } from '@jest/globals';
import {
  type ConnectHandler,
  connectRoutes,
  HEADER,
  implement,
  notFound,
  unavailable,
} from '../src/index.ts';
import { EchoService } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import {
  aborted,
  all,
  authenticate,
  type EchoHandlers,
  echoHandlers,
  keys,
  principal,
  rejection,
  silent,
  stream,
} from './mesh.ts';

const PATH = '/atelier.rpctest.v1.EchoService';
const credentials = {
  [HEADER.meshCredential]: keys.credential.reveal(),
  [HEADER.principal]: principal.token ?? '',
};

async function edge(replaced: Partial<EchoHandlers> = {}, version: 1 | 2 = 1) {
  const registration = implement(EchoService, echoHandlers('edge', replaced));
  const handler = connectRoutes([registration], { authenticate, log: silent });
  const server = version === 1 ? createServer(handler) : createHttp2Server(handler);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    handler: handler as ConnectHandler,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await handler.drain(1_000);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function post(url: string, method: string, body: unknown, headers: Record<string, string> = credentials) {
  return fetch(`${url}${PATH}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('Connect with JSON, as curl speaks it', () => {
  test('answers, names the request, compresses nothing', async () => {
    await using front = await edge();
    const text = 'long enough to be worth compressing '.repeat(200);
    const response = await post(front.url, 'Echo', { text }, { ...credentials, 'x-request-id': 'req-1' });
    expect(response.status).toBe(200);
    expect(response.headers.get(HEADER.requestId)).toBe('req-1');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await response.json()).toEqual({ text, server: 'edge' });
  });

  test('errors have the code, the message and the details in readable form', async () => {
    await using front = await edge();
    const response = await post(front.url, 'Echo', { repeatCount: 11, parts: [{ partName: '' }] });
    expect(response.status).toBe(400);
    const body = (await response.json()) as { code: string; details: { type: string; debug: unknown }[] };
    expect(body.code).toBe('invalid_argument');
    const bad = body.details.find(({ type }) => type === 'google.rpc.BadRequest');
    expect(bad?.debug).toMatchObject({
      fieldViolations: [{ field: 'repeat_count' }, { field: 'parts[0].part_name' }],
    });
  });

  test.each([
    ['no credential', {}, {}, 401],
    ['unknown method', { method: 'Nope' }, credentials, 404],
    ['JSON that is no request', { body: { text: 5 } }, credentials, 400],
    ['a request of 5 MB', { body: { text: 'x'.repeat(5_000_000) } }, credentials, 429],
  ])('%s', async (_, { method = 'Echo', body = {} }: { method?: string; body?: object }, headers, status) => {
    await using front = await edge();
    expect((await post(front.url, method, body, headers as Record<string, string>)).status).toBe(status);
  });

  test.each([
    ['JSON that is no request', { text: 5 }, 'INVALID_FIELD'],
    ['a request of 5 MB', { text: 'x'.repeat(5_000_000) }, 'MESSAGE_TOO_LARGE'],
  ])('%s is refused with the reason', async (_, body, reason) => {
    await using front = await edge();
    const response = await post(front.url, 'Echo', body, credentials);
    const { details } = (await response.json()) as { details: { type: string; debug: unknown }[] };
    expect(details).toMatchObject([{ type: 'google.rpc.ErrorInfo', debug: { reason } }]);
  });

  test('what may be repeated later says when', async () => {
    await using front = await edge({
      put: async () => Promise.reject(unavailable('full', { retryAfterMs: 2_500 })),
    });
    const response = await post(front.url, 'Put', {});
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3']);
  });

  test('a timeout is kept by the server', async () => {
    await using front = await edge({ create: async (_, context) => Promise.reject(await aborted(context)) });
    const response = await post(front.url, 'Create', {}, { ...credentials, 'connect-timeout-ms': '200' });
    expect(await response.json()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a caller that leaves is noticed', async () => {
    const arrived = Promise.withResolvers<void>();
    const reason = Promise.withResolvers<unknown>();
    await using front = await edge({
      create: async (_, context) => {
        arrived.resolve();
        reason.resolve(await aborted(context));
        return {};
      },
    });
    const stop = new AbortController();
    const call = rejection(
      fetch(`${front.url}${PATH}/Create`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...credentials },
        body: '{}',
        signal: stop.signal,
      }),
    );
    await arrived.promise;
    stop.abort();
    await call;
    expect(await reason.promise).toMatchObject({ codeName: 'CANCELLED' });
  });
});

const transports = {
  'Connect over HTTP/1.1': [1, (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1' })],
  'Connect over HTTP/2': [2, (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '2' })],
  'gRPC-Web': [1, (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })],
  gRPC: [2, (baseUrl: string) => createGrpcTransport({ baseUrl })],
} as const;

describe.each(Object.entries(transports))('%s', (_, [version, transportTo]) => {
  test('serves the same handlers, streams and errors included', async () => {
    await using front = await edge(
      { create: async () => Promise.reject(notFound('gone', { metadata: { a: 'b' } })) },
      version,
    );
    const client = createConnectClient(EchoService, transportTo(front.url));
    const options = { headers: credentials };
    expect((await client.echo({ text: 'ä' }, options)).text).toBe('ä');
    expect(await all(client.repeat({ text: 'x', count: 3 }, options))).toHaveLength(3);
    expect((await client.collect(stream({ text: 'a' }, { text: 'b' }), options)).texts).toEqual(['a', 'b']);

    const error = ConnectError.from(await rejection(client.create({}, options)));
    expect([error.code, error.rawMessage]).toEqual([ConnectCode.NotFound, 'gone']);
    expect(error.findDetails(ErrorInfoSchema)[0]).toMatchObject({
      reason: 'NOT_FOUND',
      domain: 'atelier.dev',
      metadata: { a: 'b' },
    });
    const invalid = ConnectError.from(await rejection(all(client.repeat({ count: 1 }, options))));
    expect(invalid.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field).toBe('text');
    if (version === 2) {
      expect((await all(client.chat(stream({ text: 'c' }), options))).map(({ text }) => text)).toEqual([
        'edge: c',
      ]);
    }
  });
});
