import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { generate, openStage, startAdapter } from './harness.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('how candidates ended is counted by model and outcome', async () => {
  await using stage = await openStage();
  const address = `127.0.0.1:${await freePort()}`;
  await using adapter = await startAdapter(stage, {}, { PROVIDER_ADAPTER_METRICS_ADDR: address });
  const make = (id: string) =>
    generate(
      adapter,
      { request: { model: `models/${id}`, prompt: 'a ball' }, candidates: [{ key: id }] },
      { principal: stage.caller() },
    );
  await make('sandbox-approve');
  await make('sandbox-fail');
  await make('sandbox-fail');
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const counted = text.split('\n').filter((line) => line.startsWith('atelier_provider_candidates_total'));
  expect(counted).toEqual([
    expect.stringMatching(/model="models\/sandbox-approve",outcome="succeeded".* 1$/),
    // The repeat of a key is no second candidate.
    expect.stringMatching(/model="models\/sandbox-fail",outcome="unavailable".* 1$/),
  ]);
});
