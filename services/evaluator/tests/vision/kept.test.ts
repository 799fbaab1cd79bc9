import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { describe, expect, test } from '@jest/globals';
import { caller, commit, discs, type Fixture } from '../harness.ts';
import { scripted, seeing, withEye } from './harness.ts';

const principal = caller();
const disc = { id: 'disc', text: 'Is there a disc?', required: true };
const alike = { id: 'alike', text: 'Is it like reference 1?', showReferences: true };
const eyes = () =>
  seeing('openai', ({ question }) => (question === disc.text || question === alike.text ? 'yes' : undefined));

const eyeUsage = ({ usage }: { usage: readonly { model: string }[] }) =>
  usage.filter(({ model }) => model.startsWith('judges/eye'));

describe('answers that are kept', () => {
  test('cost nothing the second time, and say so', async () => {
    await using server = await eyes();
    await using mesh = await withEye(server);
    const image = await commit(mesh, await discs(1));
    const evaluate = () => mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    const first = await evaluate();
    const second = await evaluate();
    expect(server.asks).toHaveLength(1);
    expect(eyeUsage(first)).toHaveLength(2);
    expect(eyeUsage(second)).toHaveLength(0);
    expect(first.answers[0]?.judgeAnswers[0]).toMatchObject({ cached: false, asks: 1 });
    expect(second.answers[0]?.judgeAnswers[0]).toMatchObject({ cached: true, asks: 0, pYes: 1 });
    expect(second.answers[0]).toMatchObject({ verdict: first.answers[0]?.verdict, looks: 1 });
  });

  test('leave only what is new to be asked', async () => {
    await using server = await eyes();
    await using mesh = await withEye(server);
    const image = await commit(mesh, await discs(1));
    await mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    const square = { id: 'square', text: 'Is there a square?' };
    await mesh.evaluation.evaluateImage({ image, questions: [disc, square] }, { principal });
    expect(server.asks).toHaveLength(2);
    expect(server.asks[1]?.texts.join()).not.toContain(disc.text);
  });

  test('are to the references that were shown', async () => {
    await using server = await eyes();
    await using mesh = await withEye(server);
    const image = await commit(mesh, await discs(3));
    const [one, other] = [await commit(mesh, await discs(1)), await commit(mesh, await discs(2))];
    const evaluate = (reference: string) =>
      mesh.evaluation.evaluateImage(
        { image, referenceImages: [reference], questions: [disc, alike] },
        { principal },
      );
    await evaluate(one);
    expect(server.asks).toHaveLength(2);
    await evaluate(one);
    expect(server.asks).toHaveLength(2);
    // Another reference concerns only the question that is shown it.
    await evaluate(other);
    expect(server.asks).toHaveLength(3);
    expect(server.asks[2]?.texts.join()).not.toContain(disc.text);
  });

  test('are never given to another team', async () => {
    await using server = await eyes();
    await using mesh = await withEye(server);
    const bytes = await discs(1);
    for (const team of ['red', 'blue']) {
      const image = await commit(mesh, bytes, caller(team));
      await mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal: caller(team) });
    }
    expect(server.asks).toHaveLength(2);
  });

  test('are answers: what failed is asked anew', async () => {
    await using server = await scripted('openai', () => ({ kind: 'refused' }));
    await using mesh = await withEye(server);
    const image = await commit(mesh, await discs(1));
    await mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    await mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    expect(server.asks).toHaveLength(2);
  });
});

describeWith(programs.redis, 'answers that are kept in Redis', () => {
  test('are those of every replica; while Redis is away there are none, and no call fails for it', async () => {
    await using redis = await startRedis();
    await using server = await eyes();
    const env = { REDIS_URL: redis.url };
    await using one = await withEye(server, {}, env);
    await using other = await withEye(server, {}, env);
    const bytes = await discs(1);
    const evaluate = async (mesh: Fixture) => {
      const image = await commit(mesh, bytes);
      return mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    };
    expect((await evaluate(one)).answers[0]?.judgeAnswers[0]?.cached).toBe(false);
    expect((await evaluate(other)).answers[0]?.judgeAnswers[0]?.cached).toBe(true);
    expect(server.asks).toHaveLength(1);
    await redis.kill();
    // Without Redis nobody knows how many calls the judge has already: it is not asked, and that is said.
    const { answers } = await evaluate(one);
    expect(answers[0]).toMatchObject({ verdict: Verdict.JUDGE_ERROR });
    expect(answers[0]?.critique).toContain('eye');
    await redis.restart();
  });
});
