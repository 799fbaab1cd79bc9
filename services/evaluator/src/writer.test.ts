import { type Environment, instances } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { writerInstance } from './writer.ts';

const openai = { JUDGE_OPENAI_API_KEY: 'sk-1', JUDGE_OPENAI_MODEL: 'gpt-5-mini' };
const qwen = {
  JUDGE_QWEN_VL_TYPE: 'openai-compatible',
  JUDGE_QWEN_VL_BASE_URL: 'http://127.0.0.1:8000/v1',
  JUDGE_QWEN_VL_MODEL: 'qwen3-vl',
};
const unfinished = { JUDGE_ANTHROPIC_API_KEY: 'sk-2' };

const chosen = (env: Environment, names: readonly string[] = ['builtin'], writer?: string) =>
  writerInstance({ writer, names, instances: instances(env, 'JUDGE') })?.name;

test.each<[string, Environment, string[], string | undefined, string | undefined]>([
  ['nobody where there is none', {}, ['builtin'], undefined, undefined],
  [
    'the first judge that is one',
    { ...openai, ...qwen },
    ['builtin', 'qwen-vl', 'openai'],
    undefined,
    'qwen-vl',
  ],
  ['the first that is one where no judge is', { ...openai, ...qwen }, ['builtin'], undefined, 'openai'],
  ['no unfinished one', { ...unfinished, ...qwen }, ['builtin'], undefined, 'qwen-vl'],
  ['nobody where none is finished', unfinished, ['builtin'], undefined, undefined],
  ['whoever is named', { ...openai, ...qwen }, ['openai'], 'qwen-vl', 'qwen-vl'],
])('the writer is %s', (_, env, judges, named, expected) => {
  expect(chosen(env, judges, named)).toBe(expected);
});

test('a writer that there is not, or that cannot write, is a fault of the configuration', () => {
  expect(() => chosen(openai, ['openai'], 'nobody')).toThrow(
    /EVALUATOR_WRITER: there is no instance nobody; JUDGE_NOBODY_TYPE/,
  );
  expect(() => chosen({ JUDGE_EYE_TYPE: 'builtin' }, ['eye'], 'eye')).toThrow(
    /EVALUATOR_WRITER: eye is of type builtin; only openai, /,
  );
  expect(() => chosen(unfinished, ['builtin'], 'anthropic')).toThrow(/JUDGE_ANTHROPIC_MODEL/);
});
