import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { unauthenticated, unavailable } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import type { Settings } from '../http/settings.ts';
import { sendRequest } from '../http/transport.ts';
import type { Webhook } from '../provider.ts';

/** Where fal publishes the keys that it signs with. */
const KEYS_URL = 'https://rest.alpha.fal.ai/.well-known/jwks.json';

/** How long fetched keys are good for; fal rotates them once a day at most. In milliseconds. */
const KEYS_LIFETIME_MS = 3_600_000;

const KEYS_TIMEOUT_MS = 5_000;

/** How far a webhook's time may be from ours, in seconds. */
const WINDOW_S = 300;

interface Keys {
  readonly until: number;
  readonly keys: readonly KeyObject[];
}

const cache = new Map<string, Keys>();

/**
 * Verifies fal's signature (Ed25519 over request id, user id, time and the SHA-256 of the body, a line each) and the time.
 * Gives the request's id with its time, by which a replay is known.
 */
export async function verifyFalWebhook(webhook: Webhook, settings: Settings, now: Date): Promise<string> {
  const header = (name: string) => webhook.headers.get(`x-fal-webhook-${name}`) ?? '';
  const [requestId, userId, time] = [header('request-id'), header('user-id'), header('timestamp')];
  const seconds = Number(time);
  if (
    requestId === '' ||
    !Number.isInteger(seconds) ||
    Math.abs(now.getTime() / 1_000 - seconds) > WINDOW_S
  ) {
    throw unauthenticated('The webhook is not signed, or not of this time.');
  }
  const digest = createHash('sha256').update(webhook.body).digest('hex');
  const message = Buffer.from([requestId, userId, time, digest].join('\n'));
  const signature = Buffer.from(header('signature'), 'hex');
  const keys = await keysOf(settings, now);
  if (!keys.some((key) => verify(null, message, key, signature))) {
    throw unauthenticated('The webhook’s signature is not fal’s.');
  }
  return `${requestId}:${time}`;
}

async function keysOf(settings: Settings, now: Date): Promise<readonly KeyObject[]> {
  const url = settings.field('JWKS_URL') ?? KEYS_URL;
  const known = cache.get(url);
  if (known !== undefined && known.until > now.getTime()) return known.keys;
  const keys = await fetchKeys(url);
  cache.set(url, { keys, until: now.getTime() + KEYS_LIFETIME_MS });
  return keys;
}

/** The published keys. Throws UNAVAILABLE where there are none to be had: then nothing is remembered either. */
async function fetchKeys(url: string): Promise<readonly KeyObject[]> {
  const unreachable = { reason: 'PROVIDER_UNAVAILABLE', retryAfterMs: 10_000 } as const;
  try {
    const answer = await sendRequest({ method: 'GET', url }, AbortSignal.timeout(KEYS_TIMEOUT_MS));
    const { keys } = await readError(answer);
    const usable = (Array.isArray(keys) ? keys : []).flatMap((jwk) => keyOf(jwk as JsonObject | null));
    if (answer.status === 200 && usable.length > 0) return usable;
  } catch (cause) {
    throw unavailable('The keys of fal’s webhooks cannot be fetched.', { ...unreachable, cause });
  }
  throw unavailable('fal publishes no usable keys for its webhooks.', unreachable);
}

function keyOf(jwk: JsonObject | null): KeyObject[] {
  if (typeof jwk?.x !== 'string') return [];
  try {
    return [createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: jwk.x } })];
  } catch {
    return [];
  }
}
