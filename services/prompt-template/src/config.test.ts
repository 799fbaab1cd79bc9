import { ConfigError } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { loadPromptTemplateConfig } from './config.ts';

test('everything has a default', () => {
  expect(loadPromptTemplateConfig({})).toMatchObject({
    PROMPT_TEMPLATE_GRPC_ADDR: { host: '127.0.0.1', port: 50_052 },
    STORAGE_URL: '127.0.0.1:50055',
    PROMPT_LLM: 'rules',
  });
});

test('a writer that is not offered is refused with what is, beside all other problems', () => {
  try {
    loadPromptTemplateConfig({ PROMPT_LLM: 'openai:gpt', PROMPT_TEMPLATE_GRPC_ADDR: 'nowhere' });
    throw new Error('it was taken');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    expect(problems.map(({ variable }) => variable).sort()).toEqual([
      'PROMPT_LLM',
      'PROMPT_TEMPLATE_GRPC_ADDR',
    ]);
    expect(String(error)).toContain('must be rules');
    expect(String(error)).not.toContain('openai:gpt');
  }
});
