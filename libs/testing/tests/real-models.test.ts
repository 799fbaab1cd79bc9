import { type Atelier, createAtelier } from '@atelier/client';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ProbabilitySource, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { LadderStep, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type LanguageProtocol,
  type LanguageServer,
  launchTestMesh,
  type ScriptedReply,
  type SeenAsk,
  startLanguageServer,
  type TestMesh,
} from '../src/index.ts';
import { eyeReply, isOfJudge } from './support/scripted-eye.ts';

// The whole cycle with language models: a writer that writes and mends prompts, a vision model beside the builtin judge.
// Vendors are scripted servers that speak their protocols; everything else is real, in processes of its own.

const MELLOW = 'Is the light of the picture warm?';
const RUBRIC = 'rubrics/cards';

const models: readonly {
  readonly name: string;
  readonly protocol: LanguageProtocol;
  readonly type: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly source: ProbabilitySource;
}[] = [
  {
    name: 'OpenAI with log-probabilities',
    protocol: 'openai',
    type: 'openai',
    env: { JUDGE_EYE_LOG_PROBABILITIES: 'on' },
    source: ProbabilitySource.LOG_PROBABILITIES,
  },
  {
    name: 'a compatible server without them',
    protocol: 'openai',
    type: 'openai-compatible',
    env: { JUDGE_EYE_LOG_PROBABILITIES: 'off' },
    source: ProbabilitySource.REPEATED_ASKS,
  },
  { name: 'Anthropic', protocol: 'anthropic', type: 'anthropic', source: ProbabilitySource.REPEATED_ASKS },
  { name: 'Gemini', protocol: 'gemini', type: 'gemini', source: ProbabilitySource.REPEATED_ASKS },
];

/** What the writer is told, as far as the script reads it. */
interface Job {
  readonly template?: { readonly prompt: string };
  readonly current?: { readonly prompt: string };
  readonly failed?: readonly { readonly question: string; readonly found: string }[];
}

describe.each(models)('$name', ({ protocol, type, env = {}, source }) => {
  let server: LanguageServer;
  let mesh: TestMesh;
  let atelier: Atelier;
  /** Digests of the pictures in the order in which the judge first saw them. */
  const seen: string[] = [];
  let isObedient = false;

  const script = (ask: SeenAsk): ScriptedReply => {
    if (!isOfJudge(ask)) return written(JSON.parse(ask.texts.at(-1) ?? '{}') as Job);
    return eyeReply(ask, (question, sha256) => {
      if (!seen.includes(sha256)) seen.push(sha256);
      if (isObedient) return { yes: true };
      const isMellow = question === MELLOW && seen.indexOf(sha256) > 0;
      return { yes: isMellow, fix: 'Ask for the warm light of a late afternoon.' };
    });
  };

  /** A first prompt, or one that takes up what the judge found. */
  const written = ({ template, current, failed = [] }: Job): ScriptedReply => {
    const said = current?.prompt ?? template?.prompt ?? '';
    const mended = failed.map(({ found }) => ` It shows this: ${found}`).join('');
    return {
      kind: 'json',
      json: { prompt: `${said} In detail.${mended}`, negative_prompt: '', notes: 'Warmer light.' },
    };
  };

  beforeAll(async () => {
    server = await startLanguageServer(protocol, script, { key: 'secret-of-the-platform' });
    const access = {
      API_KEY: 'secret-of-the-platform',
      BASE_URL: server.url,
      PRICE_INPUT: '1',
      PRICE_OUTPUT: '4',
    };
    const variables = (prefix: string) =>
      Object.fromEntries(Object.entries(access).map(([field, value]) => [`${prefix}_${field}`, value]));
    mesh = await launchTestMesh({
      PROMPT_LLM: `${type}:writer-1`,
      ...variables('PROMPT_LLM'),
      EVALUATOR_JUDGES: 'builtin,eye',
      JUDGE_EYE_TYPE: type,
      JUDGE_EYE_MODEL: 'eye-1',
      ...variables('JUDGE_EYE'),
      ...env,
    });
    atelier = createAtelier({ address: mesh.mesh.address });
    const { templates, rubrics, projects } = atelier.services;
    await templates.createTemplate({
      templateId: 'card',
      content: {
        body: 'One {{ item }} on a plain white background.',
        variables: [{ name: 'item', required: true }],
      },
    });
    await rubrics.createRubric({
      rubricId: 'cards',
      content: {
        questions: [
          { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'not_blank', parameters: {} } },
          { id: 'warm', text: MELLOW, required: true, category: 'style', dependsOn: ['sharp'] },
        ],
      },
    });
    await projects.createProject({
      project: {
        name: 'projects/cards',
        defaultModel: 'models/studio-standard',
        template: 'templates/card',
        rubric: RUBRIC,
      },
    });
  }, 120_000);

  afterAll(async () => {
    atelier?.close();
    await mesh?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('writes, judges, mends and approves, and its record tells who did what with which version at what price', async () => {
    const generation = await atelier.generate({
      project: 'cards',
      brief: { variables: { item: 'apple' } },
      parameters: { seed: 5n },
      policy: { maxRounds: 3, heldOutJudge: '' },
    });
    expect(server.objections).toEqual([]);
    const { outcome, rounds, versions, usage, cost, effectivePolicy } = generation;
    expect(outcome).toBe(Outcome.APPROVED);
    expect(rounds.map(({ step }) => step)).toEqual([LadderStep.UNSPECIFIED, LadderStep.REWRITE]);
    expect(effectivePolicy?.confirmMargin).toBe(0.1);

    const answers = rounds.map(({ candidates }) =>
      candidates[0]?.answers.find(({ questionId }) => questionId === 'warm'),
    );
    expect(answers.map((answer) => answer?.verdict)).toEqual([Verdict.FAIL, Verdict.PASS]);
    const [judge] = answers[1]?.judgeAnswers ?? [];
    expect(judge).toMatchObject({ source, cached: false, look: 0 });
    expect(judge?.judge).toMatch(/^eye@eye-1\/answer@\d+-[0-9a-f]{8}$/);
    if (source === ProbabilitySource.LOG_PROBABILITIES) expect(judge?.pYes).toBeCloseTo(0.93, 6);
    else expect(judge).toMatchObject({ pYes: 1, asks: 3 });
    expect(answers[1]).toMatchObject({
      askedBy: `${RUBRIC}/versions/1`,
      faultScope: FaultScope.GLOBAL,
      looks: 1,
    });

    expect(rounds[0]?.prompt?.text).toBe('One apple on a plain white background. In detail.');
    expect(rounds[1]?.prompt?.text).toContain('It shows this:');
    expect(rounds[1]?.rationale).toBe('Warmer light.');
    const writers = versions?.writers ?? [];
    expect(writers[0]).toMatch(new RegExp(`^${type}:writer-1/expand@\\d+-[0-9a-f]{8}$`));
    expect(writers[1]).toMatch(new RegExp(`^${type}:writer-1/refine@\\d+-[0-9a-f]{8}$`));
    expect(versions?.judges).toContain(judge?.judge);

    const kinds = new Set(usage.filter(({ unit }) => unit.endsWith('_token')).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set([UsageKind.EXPAND, UsageKind.REFINE, UsageKind.JUDGE]));
    const sum = usage.reduce((total, { cost: each }) => total + (each?.microUsd ?? 0n), 0n);
    expect(cost).toMatchObject({ microUsd: sum, incomplete: false });
    const { total } = await atelier.services.usage.queryUsage({ query: { project: 'projects/cards' } });
    expect(total?.cost?.microUsd).toBe(sum);
  }, 60_000);

  test('the writer is told what failed and why; the judge sees the picture, and not what was asked for', () => {
    const refine = server.asks.find(
      ({ system, texts }) => !isOfJudge({ system } as SeenAsk) && texts.join().includes('"failed"'),
    );
    expect(refine?.texts.join()).toContain('Ask for the warm light of a late afternoon.');
    const looks = server.asks.filter(isOfJudge);
    for (const look of looks) {
      expect(look.images).toHaveLength(1);
      expect(look.texts.join()).not.toContain('apple');
    }
  });

  test('a model that does what the picture says, yes to everything, approves nothing', async () => {
    isObedient = true;
    const { outcome, rounds } = await atelier.generate({
      project: 'cards',
      brief: { variables: { item: 'lemon' } },
      parameters: { seed: 6n },
      policy: { maxRounds: 1 },
    });
    isObedient = false;
    expect(outcome).toBe(Outcome.NEEDS_REVIEW);
    const answer = rounds[0]?.candidates[0]?.answers.find(({ questionId }) => questionId === 'warm');
    expect(answer).toMatchObject({ verdict: Verdict.JUDGE_ERROR });
    expect(answer?.pYes).toBeUndefined();
  }, 60_000);

  test('a preview tells what prompts and judging may cost, and the cycle stayed within', async () => {
    const { models: previews } = await atelier.services.generations.previewGeneration({
      generation: {
        project: 'projects/cards',
        brief: { input: { case: 'variables', value: { item: 'apple' } } },
        policy: { maxRounds: 2 },
      },
    });
    const generation = await atelier.generate({
      project: 'cards',
      brief: { variables: { item: 'pear' } },
      policy: { maxRounds: 2 },
    });
    const [preview] = previews;
    expect(preview?.promptEstimate?.microUsd).toBeGreaterThan(0n);
    expect(preview?.judgeEstimate?.microUsd).toBeGreaterThan(0n);
    expect(generation.cost?.microUsd).toBeLessThanOrEqual(preview?.totalEstimate?.microUsd ?? 0n);
  }, 60_000);

  test('no key and no prompt is in a log', () => {
    for (const service of ['gateway', 'prompt-template', 'evaluator'] as const) {
      expect(mesh.log(service)).not.toContain('secret-of-the-platform');
      expect(mesh.log(service)).not.toContain('plain white background');
    }
  });
});
