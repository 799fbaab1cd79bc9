import { createLogger } from '@atelier/observability';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type Question, QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { JudgeLine } from '@atelier/testing';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { JudgeReply, LoadedImage } from '../../src/judges/judge.ts';
import { languageJudge } from '../../src/judges/language/language-judge.ts';
import { discs } from '../harness.ts';
import { CALL_COST, type Script, scriptedModel } from './scripted-model.ts';

const log = createLogger({ service: 'test', level: 'silent' });
let image: LoadedImage;

beforeAll(async () => {
  image = { sha256: 'ab'.repeat(32), bytes: await discs(3) };
});

type Options = Parameters<typeof scriptedModel>[1] & {
  asks?: number;
  batch?: number;
  isSecondLook?: boolean;
};

/** Asks a judge whose model follows a script. */
async function judged(
  questions: readonly MessageInitShape<typeof QuestionSchema>[],
  script: Script,
  { asks = 3, batch = 8, isSecondLook = false, ...options }: Options = {},
  references: readonly LoadedImage[] = [],
) {
  const model = scriptedModel(script, options);
  const judge = languageJudge({ model, asks, batch, log });
  const used: Usage[] = [];
  const ask = {
    image,
    references,
    questions: questions.map((question): Question => create(QuestionSchema, question)),
    team: 'teams/red',
    isSecondLook,
    spend: (usage: readonly Usage[]) => void used.push(...usage),
  };
  const replies = await judge.answer(ask, new AbortController().signal);
  return { replies, requests: model.requests, used, judge };
}

const red = { id: 'red', text: 'Is it red?' };
const pear = { id: 'pear', text: 'Is it a pear?' };
const round = { id: 'round', text: 'Is it round?', negatedText: 'Is it angular?' };

/** Says yes to what the words speak of. */
const yesTo =
  (...texts: string[]): Script =>
  () =>
  ({ question }: JudgeLine) =>
    texts.includes(question) ? 'yes' : undefined;

const p = (reply: JudgeReply | undefined) => (reply?.kind === 'answered' ? reply.pYes : reply?.critique);
const textsIn = (request: { readonly parts: readonly { kind: string; text?: string }[] } | undefined) =>
  (request?.parts ?? []).flatMap(({ text }) => text ?? []).join('\n');

describe('a second look', () => {
  test.each([true, false])(
    'asks in other words than the first: log-probabilities %s',
    async (logProbabilities) => {
      const says = { yes: 0.64, no: 0.36 };
      const script: Script =
        () =>
        ({ question }: JudgeLine) =>
          question === red.text ? { answer: 'yes', might: says } : undefined;
      const [first, second] = await Promise.all(
        [false, true].map((isSecondLook) => judged([red], script, { logProbabilities, isSecondLook })),
      );
      expect(first?.replies[0]).toMatchObject({ kind: 'answered' });
      expect(second?.replies.map(p)).toEqual(first?.replies.map(p));
      const asked = [...(first?.requests ?? []), ...(second?.requests ?? [])].map(textsIn);
      expect(asked).toHaveLength(logProbabilities ? 2 : 6);
      expect(new Set(asked).size).toBe(asked.length);
    },
  );
});

describe('references', () => {
  test('one that is no image is refused by its number', async () => {
    const references = [image, { sha256: 'cd'.repeat(32), bytes: Buffer.from('<html>') }];
    const alike = { id: 'alike', text: 'Is it like reference 1?', showReferences: true };
    await expect(judged([alike], yesTo(), {}, references)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringMatching(/^Reference image 2: /),
    });
  });
});

describe('how a judge is set up', () => {
  test('is told by its manner, for what is kept of its answers', async () => {
    const manners = await Promise.all(
      [{}, { asks: 2 }, { batch: 2 }].map(async (options) => {
        const { judge } = await judged([red], yesTo(red.text), { logProbabilities: true, ...options });
        return judge.manner;
      }),
    );
    expect(new Set(manners).size).toBe(3);
  });
});

describe('repeated asks', () => {
  test('p is the share of yes, in as many calls as are asked, at temperature 1, in other orders', async () => {
    const { replies, requests } = await judged(
      [red, pear],
      ({ number }) =>
        ({ question }) =>
          (question === red.text && number !== 2) || question === pear.text ? 'yes' : undefined,
    );
    expect(replies.map(p)).toEqual([2 / 3, 1]);
    expect(replies[0]).toMatchObject({ source: ProbabilitySource.REPEATED_ASKS, asks: 3 });
    expect(requests.map(({ temperature }) => temperature)).toEqual([1, 1, 1]);
    expect(new Set(requests.map(textsIn)).size).toBe(3);
  });

  test('a model that takes no temperature is given none', async () => {
    const { requests } = await judged([red], yesTo(red.text), { takesTemperature: false, asks: 1 });
    expect(requests.map(({ temperature }) => temperature)).toEqual([undefined]);
  });

  test('one ask of three that could not be had leaves the share of the others', async () => {
    const { replies } = await judged([red], ({ number }) => (number === 1 ? 'unavailable' : () => 'no'));
    expect(replies[0]).toMatchObject({ kind: 'answered', pYes: 0, asks: 2 });
  });

  test('most of the asks failing is no answer', async () => {
    const { replies } = await judged([red], ({ number }) => (number < 3 ? 'rate_limited' : () => 'no'));
    expect(replies).toEqual([{ kind: 'error', critique: 'eye: rate_limited' }]);
  });
});

describe('log-probabilities', () => {
  const sure = (pYes: number) => ({ answer: pYes > 0.5 ? 'yes' : 'no', might: { yes: pYes, no: 1 - pYes } });

  test('give p by one ask, at temperature 0', async () => {
    const { replies, requests } = await judged(
      [red, pear],
      () =>
        ({ question }) =>
          question === red.text ? sure(0.8) : question === pear.text ? sure(0.3) : undefined,
      { logProbabilities: true },
    );
    expect(replies.map(p)).toEqual([expect.closeTo(0.8), expect.closeTo(0.3)]);
    expect(replies[0]).toMatchObject({ source: ProbabilitySource.LOG_PROBABILITIES, asks: 1 });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ temperature: 0, logProbabilities: true });
  });

  test('where tokens do not tell, only these questions are asked again, and the first answer counts', async () => {
    const { replies, requests } = await judged(
      [red, pear],
      ({ number }) =>
        ({ question }) =>
          question === red.text ? sure(0.8) : question === pear.text && number !== 2 ? 'yes' : undefined,
      { logProbabilities: true },
    );
    expect(replies.map(p)).toEqual([expect.closeTo(0.8), 2 / 3]);
    expect(replies[1]).toMatchObject({ source: ProbabilitySource.REPEATED_ASKS, asks: 3 });
    expect(requests).toHaveLength(3);
    expect(requests.slice(1).map(textsIn).join()).not.toContain(red.text);
  });
});

describe('polarity twins', () => {
  test.each([
    ['agrees', ['Is it round?'], 1, 0],
    ['says yes to both', ['Is it round?', 'Is it angular?'], 0.5, 1],
    ['says no to both', [], 0.5, 0],
    ['says yes to the opposite', ['Is it angular?'], 0, 1],
  ])('a judge that %s', async (_, texts, pYes, pYesTwin) => {
    const { replies, requests } = await judged([round], yesTo(...texts), { asks: 1 });
    expect(replies[0]).toMatchObject({ kind: 'answered', pYes, pYesTwin });
    // Never side by side.
    expect(requests).toHaveLength(2);
    for (const request of requests) expect(textsIn(request)).not.toMatch(/round.*angular|angular.*round/s);
  });

  test('a twin that is not answered leaves its question without an answer', async () => {
    const { replies } = await judged([round], ({ lines }) =>
      lines.some(({ question }) => question === 'Is it angular?') ? 'timeout' : () => 'no',
    );
    expect(replies).toEqual([{ kind: 'error', critique: 'eye: timeout' }]);
  });
});

describe('answers that cannot be used', () => {
  test('what is left out, given twice or in no form is asked again, and nothing else', async () => {
    const { replies, requests } = await judged(
      [red, pear, { id: 'sharp', text: 'Is it sharp?' }, { id: 'lit', text: 'Is it lit?' }],
      ({ number, lines }) => {
        if (number > 1) return () => 'no';
        const entries = lines.flatMap(({ id, question }) => {
          const entry = { id, answer: 'yes', finding: '', fix: '' };
          if (question === red.text) return [entry];
          if (question === pear.text) return [];
          if (question === 'Is it sharp?') return [entry, { ...entry, answer: 'no' }];
          return question === 'Is it lit?' ? [{ ...entry, answer: 'quite' }] : [{ ...entry, answer: 'no' }];
        });
        return { json: { answers: [...entries, { id: 'q77', answer: 'yes' }, 'nonsense'] } };
      },
      { asks: 1 },
    );
    expect(replies.map(p)).toEqual([1, 0, 0, 0]);
    expect(requests).toHaveLength(2);
    expect(textsIn(requests[1])).not.toContain(red.text);
    expect(textsIn(requests[1])).toContain('left out');
  });

  test('a judge that never answers as it should has no answer after two repeats', async () => {
    const { replies, requests, used } = await judged([red], () => 'malformed', { asks: 1 });
    expect(replies[0]).toMatchObject({ kind: 'error', critique: expect.stringContaining('form') });
    expect(requests).toHaveLength(3);
    expect(used).toHaveLength(3);
    expect(used[0]?.model).toMatch(/^judges\/eye@see-1\/answer@1-[0-9a-f]{8}$/);
  });

  test('a refusal is told at once', async () => {
    const { replies, requests } = await judged([red], () => 'refused', { asks: 1 });
    expect(replies[0]).toMatchObject({ kind: 'error', critique: expect.stringContaining('refused') });
    expect(requests).toHaveLength(1);
  });

  test.each(['rate_limited', 'unavailable', 'timeout', 'auth', 'invalid_request'] as const)(
    '%s is an answer in words, and is not repeated here',
    async (kind) => {
      const { replies, requests } = await judged([red], () => kind, { asks: 1 });
      expect(replies).toEqual([{ kind: 'error', critique: `eye: ${kind}` }]);
      expect(requests).toHaveLength(1);
    },
  );
});

describe('control questions', () => {
  test('a judge that says yes to everything has answered nonsense', async () => {
    const { replies, requests } = await judged([red, pear], () => () => 'yes', { asks: 1 });
    expect(replies.map(({ kind }) => kind)).toEqual(['error', 'error']);
    expect(p(replies[0])).toContain('certainly not in the picture');
    expect(requests).toHaveLength(2);
    expect(textsIn(requests[1])).toContain('no instructions');
  });

  test('once is forgiven, and all answers of that call are void', async () => {
    const { replies } = await judged(
      [red, pear],
      ({ number }) =>
        () =>
          number === 1 ? 'yes' : 'no',
      {
        asks: 1,
      },
    );
    expect(replies.map(p)).toEqual([0, 0]);
  });

  test('a judge that counts what is not there has answered nonsense too', async () => {
    const three = { id: 'three', text: 'Three?', openCount: { of: 'pears', expected: '3' } };
    const { replies } = await judged([three], () => () => '3', { asks: 1 });
    expect(replies[0]).toMatchObject({ kind: 'error' });
  });

  test('an ask that is spoilt spoils the share', async () => {
    const everything = ({ question }: JudgeLine) => (question === red.text ? 'no' : 'yes');
    const { replies } = await judged([red], ({ number }) => (number < 3 ? () => 'no' : everything));
    expect(replies[0]).toMatchObject({ kind: 'error' });
  });
});

describe('open counts', () => {
  const pears = (expected: string, tolerance = 0) => ({
    id: 'n',
    text: 'Are there so many?',
    openCount: { of: 'pears', expected, tolerance },
  });
  const says =
    (...numbers: string[]): Script =>
    ({ number }) =>
    ({ question }) =>
      question.includes('pears') ? numbers[number - 1] : undefined;

  test('p is the share of asks that match, and the number that was seen is named', async () => {
    const { replies } = await judged([pears('4')], says('3', '4', '3'));
    expect(replies[0]).toMatchObject({
      pYes: 1 / 3,
      critique: expect.stringContaining('counts 3 pears instead of 4'),
      measured: { count: 3, expected_count: 4, counts: '3, 4, 3' },
    });
  });

  test('a tolerance lets neighbours count', async () => {
    const { replies } = await judged([pears('4', 1)], says('3', '5', '6'));
    expect(p(replies[0])).toBeCloseTo(2 / 3);
  });

  test('log-probabilities of a number give p', async () => {
    const { replies } = await judged(
      [pears('4')],
      () =>
        ({ question }) =>
          question.includes('pears') ? { answer: '4', might: { 4: 0.7, 3: 0.2, 5: 0.1 } } : undefined,
      { logProbabilities: true },
    );
    expect(replies[0]).toMatchObject({
      pYes: expect.closeTo(0.7),
      source: ProbabilitySource.LOG_PROBABILITIES,
      finding: 'The judge counts 4 pears.',
    });
  });

  test('neither the expected number nor the question’s own words are told', async () => {
    const { requests } = await judged([{ ...pears('4'), text: 'Are there four pears?' }], says('4'), {
      asks: 1,
    });
    expect(textsIn(requests[0])).not.toMatch(/four|"4"/);
  });
});

describe('readings', () => {
  const sale = (parameters: Record<string, string | boolean>) => ({
    id: 'text',
    text: 'Does it read so?',
    check: { kind: 'text_present', parameters },
  });
  const reads =
    (text: string): Script =>
    () =>
    ({ kind }) =>
      kind === 'read' ? text : undefined;

  test('are compared by the check, which the judge is not told', async () => {
    const { replies, requests } = await judged([sale({ text: 'SUMMER SALE' })], reads('Big\nSUMMER SALE'), {
      asks: 1,
    });
    expect(p(replies[0])).toBeGreaterThan(0.9);
    expect(textsIn(requests[0])).not.toMatch(/SUMMER|Does it read/);
    const wrong = await judged([sale({ text: 'SUMMER SALE' })], reads('SUMMER SAIL'), { asks: 1 });
    expect(p(wrong.replies[0])).toBeLessThan(0.4);
    expect(wrong.replies[0]).toMatchObject({ critique: expect.stringContaining('"SUMMER SAIL"') });
  });

  test('take one ask of a model with log-probabilities', async () => {
    const { requests } = await judged([sale({ text: 'SALE' })], reads('SALE'), { logProbabilities: true });
    expect(requests).toHaveLength(1);
  });

  test('of nothing are good where no text is wanted', async () => {
    expect(p((await judged([sale({ text: '' })], reads(''))).replies[0])).toBeGreaterThan(0.9);
    expect(p((await judged([sale({ text: '' })], reads('SALE'))).replies[0])).toBeLessThan(0.1);
  });
});

describe('references', () => {
  test('are shown, in order, to the questions that want them, in calls of their own', async () => {
    const references = [await discs(1), await discs(2)].map((bytes, index) => ({
      sha256: `${index}`,
      bytes,
    }));
    const alike = { id: 'alike', text: 'Is it like the reference?', showReferences: true };
    const { requests } = await judged([red, alike], yesTo(red.text), { asks: 1 }, references);
    const images = (index: number) => requests[index]?.parts.filter(({ kind }) => kind === 'image') ?? [];
    expect(requests).toHaveLength(2);
    expect(images(0)).toHaveLength(1);
    expect(images(1)).toHaveLength(3);
    expect(textsIn(requests[1])).toMatch(/^picture:\nreference 1:\nreference 2:\n\{"questions"/);
    expect(textsIn(requests[1])).not.toContain(red.text);
  });
});

describe('what a judge costs', () => {
  const questions = [red, pear, round].map((question) => create(QuestionSchema, question));
  const sizes = { image: { width: 512, height: 512 }, references: [] };

  test.each([
    ['repeated asks', { asks: 3, batch: 8 }, 2 * 3 * 3],
    ['one question a call', { asks: 1, batch: 1 }, 4 * 3],
  ])('%s: the bound covers every call with its repeats', async (_, options, calls) => {
    const judge = languageJudge({ model: scriptedModel(() => 'malformed'), log, ...options });
    expect(judge.estimate({ ...sizes, questions }).microUsd).toBe(BigInt(calls) * CALL_COST);
    const { used } = await judged([red, pear, round], () => 'malformed', options);
    expect(used).toHaveLength(calls);
  });

  test('is not known without a price', () => {
    const judge = languageJudge({
      model: scriptedModel(() => 'malformed', { priced: false }),
      asks: 1,
      batch: 8,
      log,
    });
    expect(judge.estimate({ ...sizes, questions }).microUsd).toBeUndefined();
    expect(judge.estimate({ ...sizes, questions: [] }).microUsd).toBe(0n);
  });
});
