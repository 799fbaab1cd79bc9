import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Code } from '@atelier/rpc';
import { describeWith, programs, startRedis } from '@atelier/testing';
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

describeWith(programs.redis, 'connections to a Redis that was away', () => {
  test('listen again, and may be closed while they do', async () => {
    await using server = await startRedis();
    await using listening = openRedis(server.url, () => {});
    const closing = openRedis(server.url, () => {});
    const heard = Promise.withResolvers<string>();
    await listening.subscribe('news', heard.resolve);
    await closing.subscribe('news', () => {});
    await server.kill();
    await server.restart();
    await closing[Symbol.asyncDispose]();
    for (let told = 0; told === 0; ) {
      told = await listening.commands.publish('news', 'back').catch(() => 0);
      await new Promise(setImmediate);
    }
    expect(await heard.promise).toBe('back');
  });
});
