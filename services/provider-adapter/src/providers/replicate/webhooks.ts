import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from '@atelier/rpc';
import type { Settings } from '../http/settings.ts';
import type { Webhook } from '../provider.ts';

/** How far a webhook's time may be from ours, in seconds. */
const WINDOW_S = 300;

/**
 * Verifies a webhook by the Standard Webhooks: HMAC-SHA256 over id, time and body, and the time. While a secret is being
 * replaced there are several signatures, one of which has to be right. Gives the webhook's id, by which a replay is known.
 * Replicate's own client compares in a time that tells of the signature, and does not look at the time at all.
 */
export async function verifyReplicateWebhook(
  webhook: Webhook,
  settings: Settings,
  now: Date,
): Promise<string> {
  const header = (name: string) => webhook.headers.get(`webhook-${name}`) ?? '';
  const [id, time] = [header('id'), header('timestamp')];
  const key = Buffer.from(
    (settings.secret('WEBHOOK_SECRET')?.reveal() ?? '').replace(/^whsec_/, ''),
    'base64',
  );
  const isTimely = /^\d{1,12}$/.test(time) && Math.abs(now.getTime() / 1_000 - Number(time)) <= WINDOW_S;
  if (id === '' || key.byteLength === 0 || !isTimely) {
    throw unauthenticated('The webhook is not signed, or not of this time.');
  }
  const expected = createHmac('sha256', key).update(`${id}.${time}.`).update(webhook.body).digest();
  // None is passed over, so that the time does not tell which one it was.
  const matches = header('signature')
    .split(' ')
    .map((signature) => isSignature(signature, expected));
  if (!matches.includes(true)) throw unauthenticated('The webhook’s signature is not Replicate’s.');
  return id;
}

function isSignature(text: string, expected: Buffer): boolean {
  const [version, value = ''] = text.split(',', 2);
  const given = Buffer.from(value, 'base64');
  return version === 'v1' && given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
