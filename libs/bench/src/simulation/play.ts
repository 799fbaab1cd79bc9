import { createLogger } from '@atelier/observability';
import { CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  CyclePolicySchema,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { PromptSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  CandidateResultSchema,
  CandidateState,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { askPanel } from '../../../../services/evaluator/src/evaluation/ask-panel.ts';
import { scoreOf } from '../../../../services/evaluator/src/scoring/score.ts';
import { apply, begin } from '../../../../services/gateway/src/cycle/apply.ts';
import { next } from '../../../../services/gateway/src/cycle/next.ts';
import type { CyclePlan } from '../../../../services/gateway/src/cycle/plan.ts';
import { refinement } from '../../../../services/gateway/src/cycle/refinement.ts';
import type { CycleState } from '../../../../services/gateway/src/cycle/state.ts';
import type {
  GenerateStep,
  JudgeStep,
  PromptStep,
  Step,
} from '../../../../services/gateway/src/cycle/steps.ts';
import type { Transition } from '../../../../services/gateway/src/cycle/transitions.ts';
import { scriptedJudge } from './scripted-judge.ts';
import { truthOf, type World } from './world.ts';

/** How the simulated cycles go. */
export interface Rules {
  readonly candidatesPerRound: number;
  readonly maxRounds: number;
  readonly plateauRounds: number;
  readonly controlArm: boolean;
}

const log = createLogger({ service: 'simulation', level: 'error' });

/**
 * Plays one cycle to its end: the state machine of the gateway, the panel and scores of the evaluator, a generator and a
 * judge of known quality, and a writer that names what failed. Nothing of it waits for anything.
 */
export async function playCycle(world: World, rules: Rules, seed: number): Promise<CycleState> {
  const prompts = new Map<string, string>();
  const truth = (image: string) => truthOf(world, prompts.get(image) ?? '', image);
  const judge = scriptedJudge(world, truth);
  let timeMs = 0;
  const clock = () => {
    timeMs += 1;
    return timeMs;
  };
  let state = begin(acceptance(rules, seed)).state;
  const tell = (transition: Transition) => {
    state = apply(state, transition).state;
  };
  const perform = async (step: Step) => {
    if (step.kind === 'prompt') tell(written(state, step, clock()));
    else if (step.kind === 'generate') for (const each of made(step, seed, prompts, clock)) tell(each);
    else tell(await judged(world, judge, step, clock()));
  };
  for (;;) {
    const following = next(state);
    if (following.kind === 'ended') return state;
    if (following.kind === 'wait') tell({ kind: 'started', timeMs: clock() });
    else if (following.kind === 'finish') tell({ kind: 'finished', timeMs: clock() });
    else await perform(following.steps[0] as Step);
  }
}

function acceptance(rules: Rules, seed: number) {
  const plan: CyclePlan = {
    models: ['models/scripted'],
    count: 1,
    maxCostMicroUsd: undefined,
    maxDurationMs: 600_000,
    refine: true,
    crossRefusal: false,
    writer: 'expand',
    judged: true,
    confirmMargin: 0,
    seed,
    ...rules,
  };
  return {
    kind: 'accepted' as const,
    timeMs: 0,
    plan,
    facts: {
      name: `generations/${seed}`,
      team: 'teams/simulation',
      request: create(GenerationRequestSchema, { project: 'projects/simulation' }),
      policy: create(CyclePolicySchema, {}),
      projectRevision: 1n,
      templateVersion: '',
      rubricVersion: '',
      platformVersion: 'simulation',
      publicUrl: '',
      warnings: [],
    },
  };
}

/** The writer adds the ids of what failed to the prompt: its only words. */
function written(state: CycleState, { wanted }: PromptStep, timeMs: number): Transition {
  const { round, attempt, how, reuse } = wanted;
  const from = how === 'refine' ? refinement(state, wanted) : undefined;
  const text = [
    from?.prompt.text ?? 'picture',
    ...(from?.failed ?? []).map(({ questionId }) => questionId),
  ].join(' ');
  return {
    kind: 'prompt_ready',
    timeMs,
    round,
    attempt,
    prompt: reuse ?? create(PromptSchema, { text, writer: 'scripted@1' }),
    rationale: '',
    receipt: undefined,
    nativeRequests: [],
    estimate: create(CostSchema, { microUsd: 0n, basis: CostBasis.ACTUAL }),
    usage: [],
  };
}

function* made(
  step: GenerateStep,
  seed: number,
  prompts: Map<string, string>,
  clock: () => number,
): Generator<Transition> {
  const { round, attempt } = step;
  yield { kind: 'generate_begun', timeMs: clock(), round, attempt };
  for (const { index, key } of step.candidates) {
    const name = `${seed}/${round}/${index}`;
    prompts.set(name, step.prompt.text);
    const result = create(CandidateResultSchema, { key, state: CandidateState.SUCCEEDED, image: { name } });
    yield { kind: 'candidate_ended', timeMs: clock(), round, attempt, index, result };
  }
  yield { kind: 'generate_ended', timeMs: clock(), round, attempt, failure: undefined };
}

async function judged(
  world: World,
  judge: ReturnType<typeof scriptedJudge>,
  { candidate, look }: JudgeStep,
  timeMs: number,
): Promise<Transition> {
  const questions = world.questions.map(({ id }) =>
    create(QuestionSchema, { id, text: `Is ${id} there?`, required: true }),
  );
  const { signal } = new AbortController();
  const { name } = candidate.result.image;
  const ask = {
    image: { sha256: '', bytes: Buffer.from(name) },
    references: [],
    questions,
    team: 'teams/simulation',
    isSecondLook: false,
    spend: () => {},
    stopAtFirstFailure: false,
  };
  const answers = await askPanel({ judges: [judge], silence: '' }, ask, { signal, patience: signal }, log);
  const { round, index } = candidate;
  const common = { timeMs, round, index, look, usage: [], warnings: [], failure: '' };
  return { kind: 'candidate_judged', ...common, answers, score: scoreOf(answers) };
}
