import { ConfigError } from '@atelier/config';
import { LocalLimits } from '@atelier/coordination';
import { createLogger } from '@atelier/observability';
import { describe, expect, test } from '@jest/globals';
import { checkPanel, createPanel } from '../src/judges/panel.ts';
import { loadEvaluatorConfig } from '../src/service.ts';

const log = createLogger({ service: 'test', level: 'silent' });

/** Makes the judges that an environment asks for. */
function panel(env: Readonly<Record<string, string>>) {
  const { EVALUATOR_JUDGES: names, judgeInstances: instances } = loadEvaluatorConfig(env);
  checkPanel({ names, instances });
  return createPanel({ names, instances, workers: 1, limits: new LocalLimits(), log });
}

/** Variables that a configuration complains of, sorted. */
function complaints(env: Readonly<Record<string, string>>): string[] {
  try {
    panel(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain('sk-secret');
    return error.problems.map(({ variable }) => variable).sort();
  }
  return [];
}

const openai = { JUDGE_OPENAI_API_KEY: 'sk-secret', JUDGE_OPENAI_MODEL: 'gpt-4o' };

describe('judges from the environment', () => {
  test('several instances of one type stand side by side', async () => {
    const judges = panel({
      EVALUATOR_JUDGES: 'openai,qwen,qwen-eu',
      ...openai,
      JUDGE_QWEN_TYPE: 'openai-compatible',
      JUDGE_QWEN_BASE_URL: 'http://127.0.0.1:9/v1',
      JUDGE_QWEN_MODEL: 'qwen3-vl-8b',
      JUDGE_QWEN_ASKS: '5',
      JUDGE_QWEN_LOG_PROBABILITIES: 'off',
      JUDGE_QWEN_EU_TYPE: 'openai-compatible',
      JUDGE_QWEN_EU_BASE_URL: 'http://127.0.0.1:9/v1',
      JUDGE_QWEN_EU_MODEL: 'qwen3-vl-32b',
      JUDGE_QWEN_EU_LOG_PROBABILITIES: 'on',
    });
    expect(judges.map(({ instance, type, model, asks }) => [instance, type, model, asks])).toEqual([
      ['openai', 'openai', 'gpt-4o', expect.any(Number)],
      ['qwen', 'openai-compatible', 'qwen3-vl-8b', 5],
      ['qwen-eu', 'openai-compatible', 'qwen3-vl-32b', 0],
    ]);
    await Promise.all(judges.map((judge) => judge[Symbol.asyncDispose]()));
  });

  test.each([
    ['a type that is none', { EVALUATOR_JUDGES: 'oracle' }, ['EVALUATOR_JUDGES']],
    [
      'a written type that is none',
      { EVALUATOR_JUDGES: 'a', JUDGE_A_TYPE: 'oracle', JUDGE_A_MODEL: 'm' },
      ['JUDGE_A_TYPE'],
    ],
    ['a judge named twice', { EVALUATOR_JUDGES: 'builtin,openai,openai', ...openai }, ['EVALUATOR_JUDGES']],
    ['no key', { EVALUATOR_JUDGES: 'openai', JUDGE_OPENAI_MODEL: 'gpt-4o' }, ['JUDGE_OPENAI_API_KEY']],
    [
      'too many asks',
      { EVALUATOR_JUDGES: 'openai', ...openai, JUDGE_OPENAI_ASKS: '10' },
      ['JUDGE_OPENAI_ASKS'],
    ],
    [
      'no number of asks',
      { EVALUATOR_JUDGES: 'openai', ...openai, JUDGE_OPENAI_ASKS: 'some' },
      ['JUDGE_OPENAI_ASKS'],
    ],
    [
      'empty calls',
      { EVALUATOR_JUDGES: 'openai', ...openai, JUDGE_OPENAI_BATCH: '0' },
      ['JUDGE_OPENAI_BATCH'],
    ],
    [
      'a judge without eyes',
      { EVALUATOR_JUDGES: 'openai', ...openai, JUDGE_OPENAI_VISION: 'off' },
      ['JUDGE_OPENAI_VISION'],
    ],
    [
      'several at once',
      { EVALUATOR_JUDGES: 'oracle,openai', JUDGE_OPENAI_MODEL: 'gpt-4o', JUDGE_OPENAI_BATCH: '99' },
      ['EVALUATOR_JUDGES', 'JUDGE_OPENAI_API_KEY', 'JUDGE_OPENAI_BATCH'],
    ],
  ])('%s is told by its variable', (_, env, expected) => {
    expect(complaints(env)).toEqual(expected);
  });

  test('an address of Redis is one', () => {
    expect(() => loadEvaluatorConfig({ REDIS_URL: 'http://example.com' })).toThrow(ConfigError);
    expect(loadEvaluatorConfig({}).EVALUATOR_ANSWERS_LIFETIME).toBe(7 * 86_400_000);
  });
});
