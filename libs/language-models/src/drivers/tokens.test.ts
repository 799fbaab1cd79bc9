import { describe, expect, test } from '@jest/globals';
import { alignTokens, tokensIn } from './tokens.ts';

const plain = (text: string) => ({ text, top: [{ text, logProbability: -0.1 }] });

describe('tokens', () => {
  test('of chat completions are read with their bytes, pieces of a character as one', () => {
    const apple = [...Buffer.from('🍎')];
    const content = [
      {
        token: 'yes',
        logprob: -0.1,
        bytes: [...Buffer.from('yes')],
        top_logprobs: [{ token: 'no', logprob: -3 }],
      },
      { token: 'bytes:\\xf0\\x9f', logprob: -1, bytes: apple.slice(0, 2), top_logprobs: [] },
      { token: 'bytes:\\x8d\\x8e', logprob: 0, bytes: apple.slice(2), top_logprobs: [] },
      { token: '"}', logprob: 0, bytes: null },
    ];
    expect(tokensIn({ choices: [{ logprobs: { content } }] })).toEqual([
      {
        text: 'yes',
        top: [
          { text: 'yes', logProbability: -0.1 },
          { text: 'no', logProbability: -3 },
        ],
      },
      { text: '🍎', top: [{ text: '🍎', logProbability: -1 }] },
      { text: '"}', top: [{ text: '"}', logProbability: 0 }] },
    ]);
  });

  test('that a grammar rules out have no part in p, however a server writes minus infinity', () => {
    const ruledOut = { text: 'no', logProbability: Number.NEGATIVE_INFINITY };
    for (const logprob of [null, '-Infinity', undefined]) {
      const content = [{ token: 'yes', logprob: -0.1, top_logprobs: [{ token: 'no', logprob }] }];
      expect(tokensIn({ choices: [{ logprobs: { content } }] })?.[0]?.top).toContainEqual(ruledOut);
      const candidates = [{ token: 'no', logProbability: logprob }];
      const logprobsResult = {
        chosenCandidates: [{ token: 'yes', logProbability: -0.1 }],
        topCandidates: [{ candidates }],
      };
      expect(tokensIn({ candidates: [{ logprobsResult }] })?.[0]?.top).toContainEqual(ruledOut);
    }
  });

  test.each([undefined, {}, { choices: [] }, { choices: [{ logprobs: null }] }, { candidates: [{}] }])(
    'of %j there are none',
    (body) => {
      expect(tokensIn(body)).toBeUndefined();
    },
  );

  test('line up with the text, whatever stands for pieces of a character', () => {
    const tokens = ['{"', 'a', '":"', '<0xF0>', '<0x9F>', '"}'].map(plain);
    const aligned = alignTokens('{"a":"🍎"}', tokens);
    expect(aligned?.map(({ text }) => text)).toEqual(['{"', 'a', '":"', '🍎', '"}']);
    expect(aligned?.[3]?.top).toEqual([]);
  });

  test('of another text do not', () => {
    expect(alignTokens('{"a":"yes"}', [plain('{"'), plain('b'), plain('":"no"}')])).toBeUndefined();
    expect(alignTokens('{"a":"yes"}', [])).toBeUndefined();
  });
});
