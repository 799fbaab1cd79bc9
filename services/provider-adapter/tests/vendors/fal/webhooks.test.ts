import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import { verifyFalWebhook } from '../../../src/providers/fal/webhooks.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';

const now = new Date('2026-11-24T12:00:00Z');
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** A webhook as fal signs it. */
function webhook(changes: { time?: number; body?: string; signed?: string; key?: typeof privateKey } = {}) {
  const { time = now.getTime() / 1_000, body = '{"status":"OK"}', key = privateKey } = changes;
  const { signed = body } = changes;
  const digest = createHash('sha256').update(signed).digest('hex');
  const message = Buffer.from(['request-1', 'user-1', String(time), digest].join('\n'));
  const headers = new Map([
    ['x-fal-webhook-request-id', 'request-1'],
    ['x-fal-webhook-user-id', 'user-1'],
    ['x-fal-webhook-timestamp', String(time)],
    ['x-fal-webhook-signature', sign(null, message, key).toString('hex')],
  ]);
  return { key: 'generations/a/0/0', headers, body: Buffer.from(body) };
}

test('only what fal signed, and signed now, is taken', async () => {
  let fetched = 0;
  const server = createServer((_request, response) => {
    fetched += 1;
    response.end(JSON.stringify({ keys: [{ x: 'broken' }, publicKey.export({ format: 'jwk' })] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  const fields = new Map([['JWKS_URL', url]]);
  const settings = settingsOf({ name: 'fal', fields, secrets: new Map() }, 'https://queue.fal.run');
  const refused = { code: Code.UNAUTHENTICATED };
  expect(await verifyFalWebhook(webhook(), settings, now)).toBe('request-1:1795521600');
  const late = webhook({ time: now.getTime() / 1_000 - 301 });
  await expect(verifyFalWebhook(late, settings, now)).rejects.toMatchObject(refused);
  const changed = webhook({ body: '{"status":"ERROR"}', signed: '{"status":"OK"}' });
  await expect(verifyFalWebhook(changed, settings, now)).rejects.toMatchObject(refused);
  const other = webhook({ key: generateKeyPairSync('ed25519').privateKey });
  await expect(verifyFalWebhook(other, settings, now)).rejects.toMatchObject(refused);
  const unsigned = { key: 'k', headers: new Map<string, string>(), body: Buffer.from('{}') };
  await expect(verifyFalWebhook(unsigned, settings, now)).rejects.toMatchObject(refused);
  expect(fetched).toBe(1);
  server.closeAllConnections();
  server.close();
});

test('while there are no keys to be had nothing is taken, and the next webhook asks again', async () => {
  let isWell = false;
  const server = createServer((_request, response) => {
    response.writeHead(isWell ? 200 : 503);
    response.end(isWell ? JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }) : 'down');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  const fields = new Map([['JWKS_URL', url]]);
  const settings = settingsOf({ name: 'fal', fields, secrets: new Map() }, 'https://queue.fal.run');
  await expect(verifyFalWebhook(webhook(), settings, now)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  isWell = true;
  expect(await verifyFalWebhook(webhook(), settings, now)).toBe('request-1:1795521600');
  server.closeAllConnections();
  server.close();
});
