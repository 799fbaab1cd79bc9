import { type Environment, type Instance, instances } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { languageModelProblems } from './open.ts';
import { readSettings, settingsDigest } from './settings.ts';

function instance(fields: Environment): Instance {
  const env = Object.entries(fields).map(([field, value]) => [`JUDGE_QWEN_${field}`, value]);
  return [...instances(Object.fromEntries(env), 'JUDGE').values()][0] as Instance;
}

function problems(fields: Environment): string[] {
  return languageModelProblems(instance(fields), 'JUDGE_QWEN').map(
    ({ variable, message }) => `${variable}: ${message}`,
  );
}

describe('the variables of a language model', () => {
  test('little is needed', () => {
    expect(problems({ TYPE: 'openai', MODEL: 'gpt-4o', API_KEY: 'k' })).toEqual([]);
    expect(
      problems({ TYPE: 'openai-compatible', MODEL: 'qwen', BASE_URL: 'http://127.0.0.1:8000/v1' }),
    ).toEqual([]);
  });

  test('all that is wrong is told at once, by variable, without a value', () => {
    const wrong = {
      TYPE: 'gemini',
      MODEL: 'a model',
      BASE_URL: 'https://user:hush@models.example/v1?key=hush',
      TIMEOUT: '10m',
      CONCURRENCY: '0',
      RATE: 'often',
      LOG_PROBABILITIES: 'perhaps',
      VISION: 'perhaps',
      TEMPERATURE: 'warm',
      STRUCTURED: 'perhaps',
      REASONING: 'deeply',
      PRICE_INPUT: '-1',
      PRICE_OUTPUT: 'cheap',
    };
    const told = problems(wrong);
    const named = told.map((problem) => problem.split(':')[0]?.slice('JUDGE_QWEN_'.length));
    expect(new Set(named)).toEqual(
      new Set([...Object.keys(wrong).filter((field) => field !== 'TYPE'), 'API_KEY']),
    );
    for (const value of ['hush', 'perhaps', 'warm', 'deeply', 'cheap'])
      expect(told.join()).not.toContain(value);
  });

  test.each([
    [{ TYPE: 'gpt', MODEL: 'm' }, 'JUDGE_QWEN_TYPE: must be one of openai,'],
    [{ TYPE: 'openai', API_KEY: 'k' }, 'JUDGE_QWEN_MODEL: is required'],
    [{ TYPE: 'anthropic', MODEL: 'm' }, 'JUDGE_QWEN_API_KEY: is required'],
    [{ TYPE: 'openai-compatible', MODEL: 'm' }, 'JUDGE_QWEN_BASE_URL: is required'],
    [
      { TYPE: 'anthropic', MODEL: 'm', API_KEY: 'k', LOG_PROBABILITIES: 'on' },
      'JUDGE_QWEN_LOG_PROBABILITIES: anthropic tells none',
    ],
    [{ TYPE: 'openai', MODEL: 'm', API_KEY: 'k', PRICE_INPUT: '1' }, 'JUDGE_QWEN_PRICE_OUTPUT: is required'],
  ])('%j', (fields, problem) => {
    expect(problems(fields).join()).toContain(problem);
  });

  test('the model says what it can do, and the operator knows better', () => {
    const read = (fields: Environment) =>
      readSettings(instance({ TYPE: 'openai', API_KEY: 'k', ...fields }), 'JUDGE_QWEN');
    expect(read({ MODEL: 'gpt-4o' })).toMatchObject({
      logProbabilities: true,
      takesTemperature: true,
      thinkingTokens: 0,
    });
    expect(read({ MODEL: 'gpt-5-mini' })).toMatchObject({ logProbabilities: false, takesTemperature: false });
    expect(
      read({ MODEL: 'gpt-5-mini', LOG_PROBABILITIES: 'on', TEMPERATURE: 'on', REASONING: 'none' }),
    ).toMatchObject({
      logProbabilities: true,
      takesTemperature: true,
      reasoning: 'none',
    });
    expect(read({ MODEL: 'gpt-4o' })).toMatchObject({ concurrency: 8, rate: undefined, timeoutMs: 60_000 });
    expect(read({ MODEL: 'gpt-4o', CONCURRENCY: '2', RATE: '150/10', TIMEOUT: '20s' })).toMatchObject({
      concurrency: 2,
      rate: { requests: 150, seconds: 10 },
      timeoutMs: 20_000,
    });
  });
});

describe('the digest of settings', () => {
  const fields = { TYPE: 'openai-compatible', MODEL: 'qwen', BASE_URL: 'http://127.0.0.1:8000/v1' };
  const digest = (change: Environment = {}) =>
    settingsDigest(readSettings(instance({ ...fields, ...change }), 'JUDGE_QWEN'));

  test('differs with everything that answers depend on', () => {
    const digests = [
      {},
      { BASE_URL: 'http://127.0.0.1:8001/v1' },
      { TEMPERATURE: 'off' },
      { LOG_PROBABILITIES: 'on' },
      { STRUCTURED: 'off' },
      { REASONING: 'low' },
      { REASONING: 'high' },
    ].map(digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('is the same whatever an answer costs, and whoever pays for it', () => {
    const change = { API_KEY: 'other', PRICE_INPUT: '1', PRICE_OUTPUT: '1', TIMEOUT: '9s', CONCURRENCY: '3' };
    expect(digest(change)).toBe(digest());
  });
});
