import { CostBasis, UsageKind, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type Answer,
  AnswerSchema,
  ProbabilitySource,
  type Score,
  ScoreSchema,
  Verdict,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  CyclePolicySchema,
  type GenerationEvent,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { PromptSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  type CandidateResult,
  CandidateResultSchema,
  CandidateState,
  type FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { apply, begin } from '../../src/cycle/apply.ts';
import { next } from '../../src/cycle/next.ts';
import type { CyclePlan } from '../../src/cycle/plan.ts';
import type { CycleState } from '../../src/cycle/state.ts';
import type { GenerateStep, JudgeStep, PromptStep, Step } from '../../src/cycle/steps.ts';
import type { Accepted, PromptFailed, Transition } from '../../src/cycle/transitions.ts';

/**
 * Verdicts by question id; ids that begin with `opt` are not required, those that begin with `part` are of a part of the
 * picture alone, and those that begin with `near` are answered by a vision model that is not very sure. `id<parent` depends
 * on another.
 */
export type Verdicts = Readonly<Record<string, Verdict>>;

/** What becomes of a candidate: verdicts, or no image. */
export type Fate =
  | Verdicts
  | 'refused_input'
  | 'refused_output'
  | 'judge_fails'
  | { readonly failure: FailureClass };

/** A world in which a cycle is played: what the models make, what the writer can, what things cost. */
export interface World {
  readonly fate: (step: GenerateStep, index: number) => Fate;
  readonly canRefine?: (step: PromptStep) => boolean;
  /** Why a model will not take a prompt, if it will not. */
  readonly refusesPrompt?: (step: PromptStep) => string | undefined;
  /** What a second look finds; the same as the first where nothing is said. */
  readonly second?: (step: JudgeStep) => Fate;
  /** Upper bound of a look of the judges, and what it costs. */
  readonly lookMicroUsd?: bigint;
  /** What a prompt costs that is written anew, or could not be. */
  readonly promptMicroUsd?: bigint;
  /** Upper bound of a candidate, and its cost. Undefined where there is no price. */
  readonly microUsd?: bigint | undefined;
}

export const NAME = 'generations/0190a000-0000-7000-8000-000000000001';

export function plan(overrides: Partial<CyclePlan> = {}): CyclePlan {
  return {
    models: ['models/a'],
    count: 1,
    candidatesPerRound: 1,
    maxRounds: 3,
    plateauRounds: 2,
    maxCostMicroUsd: undefined,
    maxDurationMs: 600_000,
    refine: true,
    crossRefusal: false,
    writer: 'expand',
    seed: 7,
    judged: true,
    ...overrides,
  };
}

export function accepted(of: CyclePlan): Accepted {
  return {
    kind: 'accepted',
    timeMs: 1_000,
    plan: of,
    facts: {
      name: NAME,
      team: 'teams/t',
      request: create(GenerationRequestSchema, { project: 'projects/p' }),
      policy: create(CyclePolicySchema, {}),
      projectRevision: 1n,
      templateVersion: '',
      rubricVersion: 'rubrics/r/versions/1',
      platformVersion: 'test',
      publicUrl: 'http://gateway',
      warnings: [],
    },
  };
}

export function answersOf(verdicts: Verdicts): Answer[] {
  return Object.entries(verdicts).map(([key, verdict]) => {
    const [questionId = '', parent] = key.split('<');
    return create(AnswerSchema, {
      questionId,
      text: `Is ${questionId} right?`,
      required: !questionId.startsWith('opt'),
      faultScope: questionId.startsWith('part') ? FaultScope.LOCAL : FaultScope.GLOBAL,
      passThreshold: 0.5,
      uncertainMargin: 0.1,
      ...(questionId.startsWith('near') && {
        judgeAnswers: [{ judge: 'eye@1', source: ProbabilitySource.LOG_PROBABILITIES }],
      }),
      dependsOn: parent === undefined ? [] : [parent],
      verdict,
      ...pOf(verdict, questionId),
    });
  });
}

function pOf(verdict: Verdict, questionId: string): { pExpected?: number } {
  const pExpected = verdict === Verdict.PASS && questionId.startsWith('near') ? NEAR : P[verdict];
  return pExpected === undefined ? {} : { pExpected };
}

/** p of a question that is barely passed: above what passes (0.6) by less than the default margin. */
const NEAR = 0.65;

const P: Partial<Record<Verdict, number>> = {
  [Verdict.PASS]: 0.95,
  [Verdict.FAIL]: 0.1,
  [Verdict.UNCERTAIN]: 0.5,
};

/** The score as the contract defines it, reckoned here by itself. */
export function scoreOf(answers: readonly Answer[]): Score {
  const required = answers.filter((answer) => answer.required);
  const applicable = answers.filter((answer) => answer.verdict !== Verdict.NOT_APPLICABLE);
  const count = (...verdicts: Verdict[]) =>
    required.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const logs = applicable.map(({ pExpected }) => Math.log(Math.max(pExpected ?? 0, 0.01)));
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return create(ScoreSchema, {
    allRequiredPass: count(Verdict.PASS, Verdict.NOT_APPLICABLE) === required.length,
    requiredPasses: count(Verdict.PASS),
    requiredTotal: required.length,
    geometricMean: applicable.length === 0 ? 0 : Math.exp(mean(logs)),
    arithmeticMean: mean(applicable.map(({ pExpected }) => pExpected ?? 0)),
    requiredOpen: count(Verdict.UNCERTAIN, Verdict.CANNOT_JUDGE, Verdict.JUDGE_ERROR),
    requiredFailures: count(Verdict.FAIL),
  });
}

/** A cycle being played. */
export class Play {
  state: CycleState;
  readonly events: GenerationEvent[];
  readonly transitions: Transition[] = [];
  readonly #world: World;
  readonly #first: Accepted;
  #timeMs = 2_000;

  constructor(of: CyclePlan, world: World) {
    this.#first = accepted(of);
    const begun = begin(this.#first);
    this.state = begun.state;
    this.events = [...begun.events];
    this.#world = world;
  }

  get world(): World {
    return this.#world;
  }

  get accepted(): Accepted {
    return this.#first;
  }

  tell(transition: Transition): void {
    const applied = apply(this.state, transition);
    this.state = applied.state;
    this.events.push(...applied.events);
    this.transitions.push(transition);
  }

  now(): number {
    this.#timeMs += 10;
    return this.#timeMs;
  }

  /** Plays one step, or the end. False once it has ended. Of several steps it is the first, or the one that is named. */
  step(chosen?: Step): boolean {
    const following = next(this.state);
    const timeMs = this.now();
    switch (following.kind) {
      case 'ended':
        return false;
      case 'wait':
        this.tell({ kind: 'started', timeMs });
        return true;
      case 'finish':
        this.tell({ kind: 'finished', timeMs });
        return true;
      case 'steps': {
        const step = chosen ?? following.steps[0];
        if (step === undefined) throw new Error('nothing to do, and no end');
        if (step.kind === 'prompt') this.#prompt(step, timeMs);
        else if (step.kind === 'generate') this.#generate(step);
        else this.#judge(step, timeMs);
        return true;
      }
    }
  }

  /** Plays to the end. */
  run(limit = 500): CycleState {
    for (let steps = 0; this.step(); steps += 1) {
      if (steps > limit) throw new Error('the cycle does not end');
    }
    return this.state;
  }

  #prompt(step: PromptStep, timeMs: number): void {
    const { round, attempt, how, model, reuse, candidates } = step.wanted;
    const refusal = this.#world.refusesPrompt?.(step);
    const microUsd = how === 'reuse' ? 0n : (this.#world.promptMicroUsd ?? 0n);
    const cost = { microUsd, basis: CostBasis.ACTUAL };
    const usage = [create(UsageSchema, { kind: UsageKind.EXPAND, cost })];
    if (refusal !== undefined) {
      this.tell({ kind: 'prompt_failed', timeMs, round, attempt, why: 'model', message: refusal, usage });
      return;
    }
    if (how === 'refine' && this.#world.canRefine?.(step) === false) {
      const why: PromptFailed['why'] = 'cannot_refine';
      this.tell({
        kind: 'prompt_failed',
        timeMs,
        round,
        attempt,
        why,
        message: 'nothing left to try',
        usage,
      });
      return;
    }
    const verb = step.wanted.edits === undefined ? 'refined' : 'edited';
    const text = how === 'refine' ? `${verb} ${round} for ${model}` : `written for ${model}`;
    const prompt = reuse ?? create(PromptSchema, { text, writer: 'rules@1' });
    const bound = this.#world.microUsd;
    const estimate =
      bound === undefined ? { basis: CostBasis.UNKNOWN } : { microUsd: bound * BigInt(candidates) };
    this.tell({
      kind: 'prompt_ready',
      timeMs,
      round,
      attempt,
      prompt,
      rationale: '',
      receipt: undefined,
      nativeRequests: [],
      estimate: create(UsageSchema, { cost: estimate }).cost,
      usage,
    });
  }

  #generate(step: GenerateStep): void {
    const { round, attempt } = step;
    if (!step.begun) this.tell({ kind: 'generate_begun', timeMs: this.now(), round, attempt });
    for (const { index, key } of step.candidates) {
      const result = this.#result(step, index, key);
      this.tell({ kind: 'candidate_ended', timeMs: this.now(), round, attempt, index, result });
    }
    this.tell({ kind: 'generate_ended', timeMs: this.now(), round, attempt, failure: undefined });
  }

  #result(step: GenerateStep, index: number, key: string): CandidateResult {
    const fate = this.#world.fate(step, index);
    if (fate === 'refused_input' || fate === 'refused_output') {
      const stage = fate === 'refused_input' ? RefusalStage.INPUT : RefusalStage.OUTPUT;
      return create(CandidateResultSchema, {
        key,
        state: CandidateState.REFUSED,
        refusal: { stage, message: fate },
      });
    }
    if (isFailure(fate)) {
      const failure = { class: fate.failure, message: `failed with ${fate.failure}` };
      return create(CandidateResultSchema, { key, state: CandidateState.FAILED, failure });
    }
    const cost =
      this.#world.microUsd === undefined
        ? { basis: CostBasis.UNKNOWN }
        : { microUsd: this.#world.microUsd, basis: CostBasis.ACTUAL };
    return create(CandidateResultSchema, {
      key,
      state: CandidateState.SUCCEEDED,
      image: { name: `images/${step.round}-${index}-${step.attempt}` },
      usage: [{ kind: UsageKind.IMAGE, model: step.model, units: 1, unit: 'image', cost }],
    });
  }

  #judge(step: JudgeStep, timeMs: number): void {
    const { look } = step;
    const { round, index } = step.candidate;
    const open = this.state.rounds[round];
    if (open === undefined) throw new Error('a judge without a round');
    const first = this.#world.fate(asGenerate(open), index);
    const fate = look === 'second' ? (this.#world.second?.(step) ?? first) : first;
    const microUsd = this.#world.lookMicroUsd;
    const cost = { microUsd: microUsd ?? 0n, basis: CostBasis.ACTUAL };
    const usage = microUsd === undefined ? [] : [create(UsageSchema, { kind: UsageKind.JUDGE, cost })];
    const common = { timeMs, round, index, look, usage, warnings: [] };
    if (typeof fate === 'string' || isFailure(fate)) {
      const nothing = { answers: [], score: undefined };
      this.tell({ kind: 'candidate_judged', ...common, failure: 'no answer', ...nothing });
      return;
    }
    const answers = answersOf(fate);
    this.tell({ kind: 'candidate_judged', ...common, answers, score: scoreOf(answers), failure: '' });
  }
}

function isFailure(fate: Fate): fate is { readonly failure: FailureClass } {
  return typeof fate === 'object' && typeof fate.failure === 'number';
}

function asGenerate(round: CycleState['rounds'][number]): GenerateStep {
  const { number, attempt, model, prompt, estimate } = round;
  const rest = { candidates: [], begun: true, stopping: false };
  return { kind: 'generate', id: '', round: number, attempt, model, prompt, estimate, ...rest };
}
