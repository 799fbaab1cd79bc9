import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { Code } from '../src/index.ts';
import { PutResponseSchema } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import { connectEcho, principal, rejection } from './mesh.ts';

// Servers that die at moments which grpc-js takes for something else than the loss of a connection.

type Death = (stream: ServerHttp2Stream, server: Http2Server, die: () => void) => void;

/** Asks the connection to end, and dies when the client, which was told, opens the next. */
const whileEnding: Death = (stream, server, die) => {
  server.once('connection', die);
  stream.session?.goaway(0, 2 ** 31 - 1);
};

/** Dies with all of the answer sent but its status. */
const beforeTheStatus: Death = (stream, _server, die) => {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', die);
  stream.end(message());
};

/** Loses so many connections; answers what comes over later ones. */
async function startDying(death: Death, losses: number): Promise<Http2Server> {
  let lost = 0;
  const sockets: Socket[] = [];
  const server = createServer();
  server.on('connection', (socket) => sockets.push(socket));
  server.on('stream', (stream) => {
    if (lost >= losses) return answer(stream);
    const socket = sockets[lost];
    lost += 1;
    death(stream, server, () => socket?.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

function answer(stream: ServerHttp2Stream): void {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(message());
}

function message(): Buffer {
  const bytes = toBinary(PutResponseSchema, create(PutResponseSchema, { text: 'there' }));
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([frame, bytes]);
}

const addressOf = (server: Http2Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

describe.each([
  ['while it is ending', whileEnding, 'RST_STREAM with code 0'],
  ['before the status of an answer', beforeTheStatus, ''],
])('a connection that is lost %s', (_, death, cause) => {
  test('a call that may be repeated is repeated', async () => {
    await using server = await startDying(death, 2);
    using echo = connectEcho(addressOf(server));
    expect((await echo.client.put({}, { principal })).text).toBe('there');
  });

  test('three times at most', async () => {
    await using server = await startDying(death, 100);
    using echo = connectEcho(addressOf(server));
    let streams = 0;
    server.on('stream', () => {
      streams += 1;
    });
    expect(await rejection(echo.client.put({}, { principal }))).toMatchObject({ code: Code.UNAVAILABLE });
    expect(streams).toBe(3);
  });

  test('any other is told that the service was lost, as for every loss', async () => {
    await using server = await startDying(death, 1);
    using echo = connectEcho(addressOf(server));
    expect(await rejection(echo.client.create({}, { principal }))).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'SERVICE_UNREACHABLE',
      cause: { message: expect.stringContaining(cause) },
    });
  });
});
