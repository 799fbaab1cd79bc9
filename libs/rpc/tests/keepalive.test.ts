import { once } from 'node:events';
import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';

// The workspace patches grpc-js for this. Probes go every 50 ms here, and in production every half minute.

const PROBE = { 'grpc.keepalive_time_ms': 50, 'grpc.keepalive_timeout_ms': 5_000 };
const PATH = '/test.Test/Wait';
const same = (bytes: Buffer) => bytes;

test.each([
  ['its age', { 'grpc.max_connection_age_ms': 100 }, () => undefined],
  ['a drain of the server', {}, (server: Server) => server.tryShutdown(() => undefined)],
])('a call outlives the probes of a connection that is asked to end by %s', async (_, options, end) => {
  const server = new Server({ ...PROBE, ...options });
  const arrived = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  server.register(
    PATH,
    async (call: { request: Buffer }, answer: (error: null, value: Buffer) => void) => {
      arrived.resolve();
      await finish.promise;
      answer(null, call.request);
    },
    same,
    same,
    'unary',
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), PROBE);
  try {
    const answer = new Promise((resolve) => {
      client.makeUnaryRequest(PATH, same, same, Buffer.from('x'), (error, value) => resolve(error ?? value));
    });
    await arrived.promise;
    end(server);
    // Time for the end to be asked for and for some probes of both sides, had they not been stopped.
    await once(AbortSignal.timeout(600), 'abort');
    finish.resolve();
    expect(await answer).toEqual(Buffer.from('x'));
  } finally {
    client.close();
    server.forceShutdown();
  }
});
