import { setImmediate as turn } from 'node:timers/promises';
import { describeWith, programs, startLanguageServer, startRedis } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { startHarness } from './harness.ts';
import { answerOf } from './scripted-model.ts';

/** A vendor that tells how many requests it had at once; it answers when so many have been there, or after some turns. */
async function startCounting(wanted: number) {
  let inside = 0;
  let most = 0;
  const server = await startLanguageServer('openai', async () => {
    inside += 1;
    most = Math.max(most, inside);
    for (let turns = 0; turns < 200 && most < wanted; turns += 1) await turn();
    inside -= 1;
    return { kind: 'json', json: answerOf('a cup, backlit') };
  });
  return { server, most: () => most };
}

describeWith(programs.redis, 'the bounds of the language model', () => {
  const env = (url: string, more: Record<string, string>) => ({
    PROMPT_LLM: 'openai-compatible:scripted-1',
    PROMPT_LLM_BASE_URL: url,
    PROMPT_LLM_CONCURRENCY: '1',
    ...more,
  });
  const brief = { input: { case: 'prompt' as const, value: 'a cup' } };

  async function expandOnTwo(more: Record<string, string>) {
    const counting = await startCounting(2);
    await using server = counting.server;
    await using harness = await startHarness(env(server.url, more));
    const other = await harness.replica();
    const call = harness.as('teams/a');
    const answers = await Promise.all(
      [harness, other, harness, other, harness, other].map(({ prompts }) =>
        prompts.expandPrompt({ brief }, call),
      ),
    );
    expect(answers.map(({ prompt }) => prompt?.text)).toEqual(Array.from(answers, () => 'a cup, backlit'));
    return counting.most();
  }

  test('are those of all replicas together', async () => {
    await using redis = await startRedis();
    expect(await expandOnTwo({ REDIS_URL: redis.url })).toBe(1);
  });

  test('are each replica’s own without Redis', async () => {
    expect(await expandOnTwo({})).toBe(2);
  });
});
