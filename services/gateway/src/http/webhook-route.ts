import type { IncomingMessage } from 'node:http';
import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type Client, overloaded } from '@atelier/rpc';
import { missing } from '../resources/not-found.ts';
import { answerJson } from './answer.ts';
import { readBody } from './body.ts';
import type { Route } from './route.ts';

/** Bytes of a webhook's body; the contract's own limit. */
const MAX_BODY_BYTES = 1_048_576;

/** Headers that are passed on, and the longest of them; providers send a dozen. */
const MAX_HEADERS = 100;
const MAX_HEADER_LENGTH = 4_096;

/** Anyone may post here, so only so many are read at once. */
const MAX_AT_ONCE = 64;

const TIMEOUT_MS = 10_000;

/**
 * `POST /webhooks/{provider}/{key}`: passes what a provider tells to the adapter, raw, since its signature is over these
 * very bytes. The adapter says whether it is genuine; nothing is believed here.
 */
export function webhookRoute(adapter: Client<typeof ImageGenerationService>): Route {
  let inFlight = 0;
  return {
    methods: ['POST'],
    pattern: /^\/webhooks\/([a-z0-9-]{1,64})\/(.{1,600})$/,
    async handle(request, response, { requestId, signal }, [provider = '', rawKey = '']) {
      const key = decodeKey(rawKey);
      if (inFlight >= MAX_AT_ONCE) throw overloaded('Too many webhooks at once.', 1_000);
      inFlight += 1;
      try {
        const body = await readBody(request, MAX_BODY_BYTES);
        const delivery = { provider, key, headers: headersOf(request), body };
        const { accepted } = await adapter.deliverWebhook(delivery, {
          requestId,
          signal,
          timeoutMs: TIMEOUT_MS,
        });
        answerJson(response, 200, { accepted });
      } finally {
        inFlight -= 1;
      }
    },
  };
}

/** Keys hold slashes, which come as they are or escaped. */
function decodeKey(raw: string): string {
  try {
    const key = decodeURIComponent(raw);
    if (key.length <= 200) return key;
  } catch {
    // Not an escape that anything of ours made.
  }
  throw missing('such submission');
}

function headersOf({ rawHeaders }: IncomingMessage): { name: string; value: string }[] {
  const headers: { name: string; value: string }[] = [];
  for (let index = 0; index + 1 < rawHeaders.length && headers.length < MAX_HEADERS; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const isOfMesh = name.toLowerCase().startsWith('atelier-');
    if (!isOfMesh && value.length <= MAX_HEADER_LENGTH) headers.push({ name: name.toLowerCase(), value });
  }
  return headers;
}
