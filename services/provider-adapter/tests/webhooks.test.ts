import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { CandidateState } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from './harness.ts';
import { falScript } from './vendors/fal/script.ts';
import { picture } from './vendors/pictures.ts';
import { type ScriptedServer, startScriptedServer } from './vendors/scripted-server.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

const PUBLIC_URL = 'https://atelier.example';
const KEY = 'generations/webhook/0/0';

/** Headers and body of a webhook as fal signs it. */
function webhook(requestId: string) {
  const body = Buffer.from(JSON.stringify({ request_id: requestId, status: 'OK' }));
  const time = String(Math.floor(Date.now() / 1_000));
  const digest = createHash('sha256').update(body).digest('hex');
  const message = Buffer.from([requestId, 'user', time, digest].join('\n'));
  const headers = Object.entries({
    'X-Fal-Webhook-Request-Id': requestId,
    'X-Fal-Webhook-User-Id': 'user',
    'X-Fal-Webhook-Timestamp': time,
    'X-Fal-Webhook-Signature': sign(null, message, privateKey).toString('hex'),
  }).map(([name, value]) => ({ name, value }));
  return { headers, body };
}

/** What holds of webhooks, whichever replica takes them. `replicas` are two adapters, or one twice. */
function testWebhooks(
  env: (stack: AsyncDisposableStack) => Promise<Record<string, string> | undefined>,
): void {
  let stack: AsyncDisposableStack;
  let stage: Stage;
  let server: ScriptedServer;
  let maker: AdapterClients;
  let taker: AdapterClients;

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    stage = stack.use(await openStage());
    server = stack.use(await startScriptedServer(falScript));
    const keys = server.host(Buffer.from(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] })));
    const shared = await env(stack);
    const variables = {
      ...falScript.env(server.origin),
      PROVIDER_FAL_JWKS_URL: keys,
      // Nobody looks again for a minute, unless a webhook says that there is something to see.
      PROVIDER_FAL_POLL_MS: '60000',
      GATEWAY_PUBLIC_URL: PUBLIC_URL,
      FETCH_ALLOWED_ORIGINS: server.origin,
      ...shared,
    };
    maker = stack.use(await startAdapter(stage, {}, variables));
    taker = shared === undefined ? maker : stack.use(await startAdapter(stage, {}, variables));
  });

  afterAll(async () => {
    await stack.disposeAsync();
  });

  test('a genuine one ends the wait; a replay and a forged one do not count', async () => {
    server.play([{ kind: 'pending' }]);
    const request = { model: 'models/fal-flux-dev', prompt: 'a red apple on a table' };
    const making = generate(maker, { request, candidates: [{ key: KEY }] }, { principal: stage.caller() });
    let isMade = false;
    making.finally(() => {
      isMade = true;
    });
    const submit = await server.seen(falScript.isSubmit);
    expect(submit.query.get('fal_webhook')).toBe(`${PUBLIC_URL}/webhooks/fal/${encodeURIComponent(KEY)}`);
    await server.seen(({ path }) => path.endsWith('/status'));

    const forged = { ...webhook('forged'), body: Buffer.from('{}') };
    const call = { principal: stage.caller() };
    await expect(
      taker.generation.deliverWebhook({ provider: 'fal', key: KEY, ...forged }, call),
    ).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });

    const url = server.host(await picture('#c03020', 'image/png'));
    const body = { images: [{ url }], has_nsfw_concepts: [false], seed: 7 };
    server.memory.set('request-0', { status: 200, body });
    const first = webhook('request-0');
    const deliver = (more: typeof first) =>
      taker.generation.deliverWebhook({ provider: 'fal', key: KEY, ...more }, call);
    expect(await deliver(first)).toMatchObject({ accepted: true });
    expect(await deliver(first)).toMatchObject({ accepted: false });
    // Between replicas a word may be lost while a connection comes about; vendors tell more than once.
    for (let again = 1; !isMade; again += 1) await deliver(webhook(`request-0-${again}`));
    expect((await making).results.get(KEY)).toMatchObject({ state: CandidateState.SUCCEEDED });
    expect(server.submits).toBe(1);
  });
}

describe('webhooks in one process', () => {
  testWebhooks(async () => undefined);
});

describeWith(programs.redis, 'webhooks that another replica takes', () => {
  testWebhooks(async (stack) => ({ REDIS_URL: stack.use(await startRedis()).url }));
});
