import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { judgeReply, type ScriptedReply, type SeenAsk } from '@atelier/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caller, commit, discs, fixture, refusal } from '../harness.ts';
import { fresh, judgeEnv, type Stage, scripted, seeing, stage, verdicts, withEye } from './harness.ts';

const principal = caller();
const disc = { id: 'disc', text: 'Is there a disc?', required: true };
const square = { id: 'square', text: 'Is there a square?' };
const honest = (ask: SeenAsk) =>
  judgeReply(ask, ({ question }) => (question === disc.text ? 'yes' : undefined));

let eye: Stage;

beforeAll(async () => {
  eye = await stage({ TIMEOUT: '400ms' });
});

afterAll(() => eye[Symbol.asyncDispose]());

/** Judges a disc by a model that follows the script. */
async function judged(script: (ask: SeenAsk) => ScriptedReply, questions: object[] = [disc, square]) {
  const asks = eye.play(script);
  const image = await commit(eye.mesh, await fresh(1));
  const evaluation = await eye.mesh.evaluation.evaluateImage(
    { image, questions },
    { principal, timeoutMs: 30_000 },
  );
  return { ...evaluation, asks };
}

describe('answers that cannot be used', () => {
  test.each([
    ['words', { kind: 'text', text: 'It is a lovely disc.' }],
    ['half a sentence', { kind: 'cut' }],
    ['JSON of another form', { kind: 'json', json: { verdict: 'yes' } }],
    [
      'answers to other questions',
      { kind: 'json', json: { answers: [{ id: 'q9', answer: 'yes', finding: '', fix: '' }] } },
    ],
  ] as const)('%s: the judge is asked again, and then believed', async (_, nonsense) => {
    const { answers, asks } = await judged((ask) => (ask.number === 1 ? nonsense : honest(ask)));
    expect(verdicts(answers)).toEqual({ disc: 'PASS', square: 'FAIL' });
    expect(asks).toHaveLength(2);
  });

  test('nonsense without end is an error of the judge, never a pass and never an error of the call', async () => {
    const { answers, asks, usage } = await judged(() => ({ kind: 'text', text: 'yes' }));
    expect(verdicts(answers)).toEqual({ disc: 'JUDGE_ERROR', square: 'JUDGE_ERROR' });
    expect(asks).toHaveLength(3);
    expect(usage.some(({ model }) => model.startsWith('judges/eye@'))).toBe(true);
  });

  test('what is missing is asked again by itself', async () => {
    const { answers, asks } = await judged((ask) => {
      const reply = honest(ask);
      if (ask.number > 1 || reply.kind !== 'json') return reply;
      const entries = (reply.json as { answers: { answer: string }[] }).answers;
      return { kind: 'json', json: { answers: entries.filter(({ answer }) => answer === 'no') } };
    });
    expect(verdicts(answers)).toEqual({ disc: 'PASS', square: 'FAIL' });
    expect(asks[1]?.texts.join()).not.toContain(square.text);
  });
});

describe('judges that do not answer', () => {
  test.each([
    ['refuses', { kind: 'refused' }, /refused/],
    ['is asked too often', { kind: 'status', status: 429 }, /eye/],
    ['fails', { kind: 'status', status: 500 }, /eye/],
    ['never answers', { kind: 'hang' }, /eye/],
    ['breaks off', { kind: 'drop' }, /eye/],
    ['does not know the key', { kind: 'status', status: 401 }, /eye/],
    ['takes no such request', { kind: 'status', status: 400 }, /eye/],
  ] as const)('one that %s is an error of the judge, in words', async (_, reply, words) => {
    const blank = { id: 'blank', text: 'Is it?', check: { kind: 'not_blank' } };
    const { answers, score } = await judged(() => reply, [disc, blank]);
    expect(verdicts(answers)).toEqual({ disc: 'JUDGE_ERROR', blank: 'PASS' });
    expect(answers[0]?.critique).toMatch(words);
    expect(answers[0]?.critique).not.toMatch(/key-of-a-test/);
    expect(score).toMatchObject({ allRequiredPass: false, requiredOpen: 1 });
  });

  test('one that is slow is waited for no longer than the caller waits, who has the other answers in time', async () => {
    await using server = await scripted('openai', () => ({ kind: 'hang' }));
    await using quick = await seeing('openai', ({ question }) =>
      question === disc.text ? 'yes' : undefined,
    );
    await using mesh = await fixture({
      EVALUATOR_JUDGES: 'slow,quick',
      ...judgeEnv('slow', 'openai', server, { TIMEOUT: '60s' }),
      ...judgeEnv('quick', 'openai', quick),
    });
    const image = await commit(mesh, await discs(1));
    const { answers, usage } = await mesh.evaluation.evaluateImage(
      { image, questions: [disc] },
      { principal, timeoutMs: 3_000 },
    );
    expect(answers[0]?.judgeAnswers.map(({ verdict }) => verdict)).toEqual([
      Verdict.JUDGE_ERROR,
      Verdict.PASS,
    ]);
    expect(answers[0]).toMatchObject({ verdict: Verdict.PASS, pYes: 1 });
    await server.abandoned(1);
    // What was given up may be billed: it counts as what it could cost.
    const given = usage.filter(({ model }) => model.startsWith('judges/slow@'));
    expect(given).toMatchObject(
      ['input_token', 'output_token'].map((unit) => ({ unit, cost: { basis: CostBasis.ESTIMATED } })),
    );
    expect(given[0]?.cost?.microUsd).toBeGreaterThan(0n);
  });

  test('one of a panel that fails leaves the answer to the others', async () => {
    await using broken = await scripted('anthropic', () => ({ kind: 'status', status: 500 }));
    await using sure = await seeing('openai', ({ question }) => (question === disc.text ? 'yes' : undefined));
    await using mesh = await fixture({
      EVALUATOR_JUDGES: 'builtin,broken,sure',
      ...judgeEnv('broken', 'anthropic', broken),
      ...judgeEnv('sure', 'openai', sure),
    });
    const image = await commit(mesh, await discs(1));
    const { answers } = await mesh.evaluation.evaluateImage(
      { image, questions: [disc] },
      { principal, timeoutMs: 30_000 },
    );
    expect(answers[0]).toMatchObject({ verdict: Verdict.PASS, pYes: 1 });
    expect(answers[0]?.judgeAnswers.map(({ verdict }) => verdict)).toEqual([
      Verdict.JUDGE_ERROR,
      Verdict.PASS,
    ]);
  });
});

describe('callers', () => {
  test('one that goes away takes its calls to the vendor along', async () => {
    await using server = await scripted('openai', () => ({ kind: 'hang' }));
    await using mesh = await withEye(server, { ASKS: '2' });
    const image = await commit(mesh, await discs(1));
    const controller = new AbortController();
    const call = mesh.evaluation.evaluateImage(
      { image, questions: [disc] },
      { principal, signal: controller.signal },
    );
    const ended = refusal(call);
    await server.asked(2);
    controller.abort();
    await server.abandoned(2);
    expect(await ended).toContain('CANCELLED');
  });

  test('what waits while its caller goes is never sent', async () => {
    const gate = Promise.withResolvers<void>();
    await using server = await scripted('openai', async (ask) => {
      await gate.promise;
      return honest(ask);
    });
    await using mesh = await withEye(server, {}, { EVALUATOR_CONCURRENCY: '1', EVALUATOR_MAX_WAITING: '1' });
    const [first, second] = [await commit(mesh, await discs(1)), await commit(mesh, await discs(2))];
    const ask = (image: string, signal?: AbortSignal) =>
      mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal, signal, timeoutMs: 60_000 });
    const running = ask(first);
    await server.asked(1);
    // One of two finds the only place to wait, and the other is sent away with a pushback.
    const callers = [new AbortController(), new AbortController()];
    const ends = callers.map(({ signal }) => refusal(ask(second, signal)));
    const [away, waiting] = await Promise.race(
      ends.map(async (end, index) => [await end, ends[1 - index]] as const),
    );
    expect(away).toContain('UNAVAILABLE OVERLOADED');
    for (const each of callers) each.abort();
    expect(await waiting).toContain('CANCELLED');
    gate.resolve();
    expect((await running).answers[0]?.verdict).toBe(Verdict.PASS);
    expect(server.asks).toHaveLength(1);
  });

  test('many may wait for the network at once', async () => {
    const gate = Promise.withResolvers<void>();
    await using server = await scripted('openai', async (ask) => {
      await gate.promise;
      return honest(ask);
    });
    await using mesh = await withEye(server, { CONCURRENCY: '16' });
    const image = await commit(mesh, await discs(1));
    const questions = (index: number) => [{ ...disc, text: disc.text.replace('?', ` (${index})?`) }];
    const all = Array.from({ length: 12 }, (_, index) =>
      mesh.evaluation.evaluateImage({ image, questions: questions(index) }, { principal, timeoutMs: 60_000 }),
    );
    // With one thread two would run at once, if evaluations waited for the processor.
    await server.asked(12);
    gate.resolve();
    expect((await Promise.all(all)).every(({ answers }) => answers.length === 1)).toBe(true);
  });
});
