import { ConfigError } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { loadPromptTemplateConfig } from './config.ts';

function problemsOf(env: Record<string, string>): readonly (readonly [string, string])[] {
  try {
    loadPromptTemplateConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const value of Object.values(env).filter((each) => each.length > 6)) {
      expect(String(error)).not.toContain(value);
    }
    return error.problems.map(({ variable, message }) => [variable, message]);
  }
  return [];
}

test('everything has a default, and rules write', () => {
  expect(loadPromptTemplateConfig({})).toMatchObject({
    PROMPT_TEMPLATE_GRPC_ADDR: { host: '127.0.0.1', port: 50_052 },
    STORAGE_URL: '127.0.0.1:50055',
    promptModel: undefined,
  });
  expect(loadPromptTemplateConfig({ PROMPT_LLM: ' rules ' }).promptModel).toBeUndefined();
});

describe('a language model', () => {
  test('is an instance with the variables that begin with its name', () => {
    const { promptModel } = loadPromptTemplateConfig({
      PROMPT_LLM: 'openai-compatible:org/qwen3:30b',
      PROMPT_LLM_API_KEY: 'secret-key',
      PROMPT_LLM_BASE_URL: 'http://vllm.example/v1',
      PROMPT_LLM_TIMEOUT: '20s',
      PROMPT_TEMPLATE_GRPC_ADDR: '127.0.0.1:0',
    });
    expect(promptModel).toMatchObject({ name: 'prompt-llm', type: 'openai-compatible' });
    expect(Object.fromEntries(promptModel?.fields ?? [])).toEqual({
      MODEL: 'org/qwen3:30b',
      BASE_URL: 'http://vllm.example/v1',
      TIMEOUT: '20s',
    });
    expect(promptModel?.secrets.get('API_KEY')?.reveal()).toBe('secret-key');
  });

  test.each(['gpt-5-mini', 'openai:', 'openai: ', 'mistral:large', ':x', 'OpenAI:x'])(
    '%j is refused with what is offered',
    (said) => {
      const offered = expect.stringContaining('openai, anthropic, gemini, openai-compatible, replicate');
      expect(problemsOf({ PROMPT_LLM: said })).toEqual([['PROMPT_LLM', offered]]);
    },
  );

  test('with faults is told with all of them, beside those of the rest', () => {
    const problems = problemsOf({
      PROMPT_LLM: 'openai:gpt-5-mini',
      PROMPT_LLM_MODEL: 'gpt-5-nano',
      PROMPT_LLM_TIMEOUT: 'for a while',
      PROMPT_TEMPLATE_GRPC_ADDR: 'nowhere',
      REDIS_URL: 'http://redis.example',
    });
    expect(problems.map(([variable]) => variable).sort()).toEqual([
      'PROMPT_LLM_API_KEY',
      'PROMPT_LLM_MODEL',
      'PROMPT_LLM_TIMEOUT',
      'PROMPT_TEMPLATE_GRPC_ADDR',
      'REDIS_URL',
    ]);
    expect(Object.fromEntries(problems).PROMPT_LLM_MODEL).toBe('is said by PROMPT_LLM itself: leave it out');
  });
});
