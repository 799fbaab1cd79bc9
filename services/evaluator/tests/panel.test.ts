import {
  CostBasis,
  UsageKind,
  UsageReportSchema,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ProbabilitySource, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { isRpcError } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { ImageError } from '../src/checks/index.ts';
import { noCost } from '../src/judges/costs.ts';
import type { Judge, JudgeReply } from '../src/judges/judge.ts';
import { caller, commit, discs, fixture, refusal } from './harness.ts';

const principal = caller();
const question = { id: 'nice', text: 'Is it nice?', required: true };

/** A judge that answers as it is told, in place of a vision model. */
function scripted(instance: string, answer: Judge['answer']): Judge {
  return {
    instance,
    type: 'scripted',
    version: '1',
    model: 'scripted',
    asks: 0,
    isPriced: true,
    estimate: noCost,
    capabilities: { checks: [], vision: true, logProbabilities: false },
    answer,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const sure = (pYes: number) => async (): Promise<readonly JudgeReply[]> => [
  {
    kind: 'answered',
    pYes,
    source: ProbabilitySource.REPEATED_ASKS,
    asks: 1,
    critique: 'nicer',
    finding: 'plain',
    measured: {},
  },
];

test('a panel answers by its mean, and keeps what each judge said', async () => {
  await using mesh = await fixture({}, { judges: [scripted('one', sure(1)), scripted('two', sure(0.4))] });
  const image = await commit(mesh, await discs(1));
  const { answers } = await mesh.evaluation.evaluateImage({ image, questions: [question] }, { principal });
  expect(answers[0]).toMatchObject({ verdict: Verdict.PASS, pYes: 0.7 });
  expect(answers[0]?.judgeAnswers).toMatchObject([
    { judge: 'one@1', pYes: 1, verdict: Verdict.PASS },
    { judge: 'two@1', pYes: 0.4, verdict: Verdict.FAIL },
  ]);
});

test('a judge that fails, or leaves a question out, is an answer and never a pass', async () => {
  const broken = scripted('broken', async () => {
    throw new Error('no answer');
  });
  const silent = scripted('silent', async () => []);
  await using mesh = await fixture({}, { judges: [broken, silent] });
  const image = await commit(mesh, await discs(1));
  const { answers, score } = await mesh.evaluation.evaluateImage(
    { image, questions: [question] },
    { principal },
  );
  expect(answers[0]).toMatchObject({ verdict: Verdict.JUDGE_ERROR });
  expect(answers[0]?.pYes).toBeUndefined();
  expect(score).toMatchObject({ allRequiredPass: false, requiredOpen: 1 });
});

test('a caller that goes away takes its evaluation along', async () => {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const patient = scripted('patient', async (_, signal) => {
    signal.addEventListener('abort', () => left.resolve(), { once: true });
    asked.resolve();
    return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await using mesh = await fixture({}, { judges: [patient] });
  const image = await commit(mesh, await discs(1));
  const controller = new AbortController();
  const call = mesh.evaluation.evaluateImage(
    { image, questions: [question] },
    { principal, signal: controller.signal },
  );
  await asked.promise;
  controller.abort();
  await left.promise;
  expect(await refusal(call)).toContain('CANCELLED');
});

test('more than may wait is refused with a pushback, and the rest is answered', async () => {
  const gate = Promise.withResolvers<void>();
  const first = Promise.withResolvers<void>();
  const slow = scripted('slow', async (_, signal) => {
    first.resolve();
    await gate.promise;
    signal.throwIfAborted();
    return sure(1)();
  });
  await using mesh = await fixture(
    { EVALUATOR_CONCURRENCY: '1', EVALUATOR_MAX_WAITING: '0' },
    { judges: [slow] },
  );
  const image = await commit(mesh, await discs(1));
  const ask = () =>
    mesh.evaluation.evaluateImage({ image, questions: [question] }, { principal, timeoutMs: 60_000 });
  const running = ask();
  await first.promise;
  expect(await refusal(ask())).toContain('UNAVAILABLE OVERLOADED');
  gate.resolve();
  expect((await running).answers).toHaveLength(1);
});

test('what was used before a call failed is told with the error', async () => {
  const cost = { microUsd: 70n, basis: CostBasis.ACTUAL };
  const used = create(UsageSchema, {
    kind: UsageKind.JUDGE,
    model: 'judges/eye@1',
    units: 5,
    unit: 'token',
    cost,
  });
  const eye = scripted('eye', async ({ questions, spend }) => {
    if (questions[0]?.id === 'second') throw new ImageError('CORRUPT', 'The image is damaged.');
    spend([used]);
    return sure(1)();
  });
  await using mesh = await fixture({}, { judges: [eye] });
  const image = await commit(mesh, await discs(1));
  const questions = [question, { id: 'second', text: 'Is it as nice?', dependsOn: ['nice'] }];
  const call = mesh.evaluation.evaluateImage({ image, questions }, { principal });
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isRpcError(error)) throw error;
  expect(error).toMatchObject({ codeName: 'INVALID_ARGUMENT', reason: 'NOT_AN_IMAGE' });
  expect(error.fieldViolations).toMatchObject([{ field: 'image' }]);
  expect(error.findDetail(UsageReportSchema)?.usage).toMatchObject([
    { model: 'judges/eye@1', units: 5, cost },
  ]);
});
