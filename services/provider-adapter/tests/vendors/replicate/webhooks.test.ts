import { createHmac } from 'node:crypto';
import { Code } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import { validateWebhook } from 'replicate';
import { verifyReplicateWebhook } from '../../../src/providers/replicate/webhooks.ts';
import { settingsFor } from './job.ts';

/** The vector that is published with Standard Webhooks. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

const now = new Date(Number(VECTOR.timestamp) * 1_000);
const refused = { code: Code.UNAUTHENTICATED };

function verify(changes: Partial<typeof VECTOR> = {}, at = now) {
  const { secret, id, timestamp, body, signature } = { ...VECTOR, ...changes };
  const settings = settingsFor({ origin: 'http://127.0.0.1:1' }, { WEBHOOK_SECRET: secret });
  const headers = new Map([
    ['webhook-id', id],
    ['webhook-timestamp', timestamp],
    ['webhook-signature', signature],
  ]);
  return verifyReplicateWebhook({ key: 'generations/a/0/0', headers, body: Buffer.from(body) }, settings, at);
}

function sign(id: string, timestamp: string, body: string): string {
  const key = Buffer.from(VECTOR.secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

test('the published vector is taken, and gives its id', async () => {
  expect(await verify()).toBe(VECTOR.id);
  // The vendor's client says the same of it.
  expect(await validateWebhook(VECTOR)).toBe(true);
});

test('one right signature among several is enough', async () => {
  const wrong = 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  expect(await verify({ signature: `${wrong} ${VECTOR.signature} v1a,abc` })).toBe(VECTOR.id);
  await expect(verify({ signature: `${wrong} v2,${VECTOR.signature.slice(3)}` })).rejects.toMatchObject(
    refused,
  );
});

test.each<[string, Partial<typeof VECTOR>]>([
  ['another body', { body: '{"test": 2432232315}' }],
  ['another id', { id: 'msg_other' }],
  ['another time', { timestamp: String(Number(VECTOR.timestamp) + 1) }],
  ['another secret', { secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }],
  ['no signature', { signature: '' }],
  ['a short signature', { signature: VECTOR.signature.slice(0, 20) }],
  ['no id', { id: '' }],
  ['no time', { timestamp: '' }],
  ['a time that is none', { timestamp: 'NaN' }],
  ['an empty secret', { secret: 'whsec_' }],
])('%s is refused', async (_name, changes) => {
  await expect(verify(changes)).rejects.toMatchObject(refused);
});

test('a webhook is good for five minutes, before and after', async () => {
  for (const seconds of [-300, 300]) {
    expect(await verify({}, new Date(now.getTime() + seconds * 1_000))).toBe(VECTOR.id);
  }
  for (const seconds of [-301, 301]) {
    await expect(verify({}, new Date(now.getTime() + seconds * 1_000))).rejects.toMatchObject(refused);
  }
});

test('an empty key signs nothing', async () => {
  const signature = `v1,${createHmac('sha256', '').update(`${VECTOR.id}.${VECTOR.timestamp}.x`).digest('base64')}`;
  await expect(verify({ secret: 'whsec_', body: 'x', signature })).rejects.toMatchObject(refused);
  // The helper signs as Replicate does.
  const own = sign('msg_1', VECTOR.timestamp, 'x');
  expect(await verify({ id: 'msg_1', body: 'x', signature: own })).toBe('msg_1');
});
