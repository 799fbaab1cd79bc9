import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Code } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import { onRedis, openRedis } from './redis.ts';

test('a Redis that takes connections and says nothing counts as away', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).resume());
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const redis = openRedis(`redis://127.0.0.1:${port}`, () => {}, 20);
  await expect(onRedis(() => redis.commands.get('key'))).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  await redis[Symbol.asyncDispose]();
  for (const socket of sockets) socket.destroy();
  silent.close();
  await once(silent, 'close');
});
