import { LocalLimits } from '@atelier/coordination';
import { type ScriptedReply, startLanguageServer } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { ANSWER, KEY, never, open, request } from './world.ts';

/** Whether a request to the instance has to wait for its turn. */
async function isPaused(limits: LocalLimits): Promise<boolean> {
  const leaving = new AbortController();
  const turn = limits.pace({ name: 'qwen', concurrency: 8 }, leaving.signal);
  leaving.abort();
  return turn.then(
    () => false,
    () => true,
  );
}

test('what a vendor asks of one question holds up all others to the instance', async () => {
  const limits = new LocalLimits();
  const replies: ScriptedReply[] = [
    { kind: 'status', status: 429, retryAfterSeconds: 1 },
    { kind: 'json', json: ANSWER },
  ];
  await using server = await startLanguageServer(
    'openai',
    ({ number }) => replies[number - 1] as ScriptedReply,
  );
  expect(await isPaused(limits)).toBe(false);
  const paused = Promise.withResolvers<boolean>();
  const fields = { TYPE: 'openai', MODEL: 'gpt-4o', API_KEY: KEY, BASE_URL: server.url };
  const onLine = (line: string) => {
    if (line.includes('asked again')) paused.resolve(isPaused(limits));
  };
  const { model } = open(fields, { limits, onLine });
  await model.ask(request(), never);
  expect(await paused.promise).toBe(true);
  expect(await isPaused(limits)).toBe(false);
  expect(server.asks).toHaveLength(2);
});
