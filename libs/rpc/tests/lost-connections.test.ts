import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { Code } from '../src/index.ts';
import { PutResponseSchema } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import { connectEcho, principal, rejection } from './mesh.ts';

// A server that asks a connection to end and dies while calls are on it, which no server of ours does on purpose.

/** Loses so many connections, each once it was asked to end; answers what comes over later ones. */
async function startDying(losses: number): Promise<Http2Server> {
  let lost = 0;
  const sockets: Socket[] = [];
  const server = createServer();
  server.on('connection', (socket) => sockets.push(socket));
  server.on('stream', (stream) => {
    if (lost >= losses) return answer(stream);
    const socket = sockets[lost];
    lost += 1;
    // A client that was asked to end a connection opens the next.
    server.once('connection', () => socket?.destroy());
    stream.session?.goaway(0, 2 ** 31 - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function answer(stream: ServerHttp2Stream): void {
  const message = toBinary(PutResponseSchema, create(PutResponseSchema, { text: 'there' }));
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([frame, message]));
}

const addressOf = (server: Http2Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

test('a call that may be repeated is repeated', async () => {
  await using server = await startDying(2);
  using echo = connectEcho(addressOf(server));
  expect((await echo.client.put({}, { principal })).text).toBe('there');
});

test('any other is told that the service was lost, as for every loss', async () => {
  await using server = await startDying(1);
  using echo = connectEcho(addressOf(server));
  const error = await rejection(echo.client.create({}, { principal }));
  expect(error).toMatchObject({
    code: Code.UNAVAILABLE,
    reason: 'SERVICE_UNREACHABLE',
    cause: { message: expect.stringContaining('RST_STREAM with code 0') },
  });
});
