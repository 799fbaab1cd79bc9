import {
  type CyclePolicy,
  CyclePolicySchema,
  OnDisconnect,
  PromptMode,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import type { CyclePlan } from '../cycle/plan.ts';

/** What the platform does where neither call nor project says anything. */
const DEFAULTS = { maxRounds: 3, maxDurationMs: 600_000, plateauRounds: 2, confirmMargin: 0.1 } as const;

/**
 * The policy in force: field by field the call's, then the project's, then the platform's. The call's own
 * `candidates_per_round` below `count` is a contradiction; an inherited one is raised.
 */
export function effectivePolicy(
  call: CyclePolicy | undefined,
  project: CyclePolicy | undefined,
  count: number,
): CyclePolicy {
  const asked = call?.candidatesPerRound;
  if (asked !== undefined && asked < count) {
    throw invalidArgument(
      'generation.policy.candidates_per_round',
      `must be at least ${count}, as many images as are wanted`,
      { reason: 'CONTRADICTORY_FIELDS' },
    );
  }
  const layers = [call, project].filter((policy) => policy !== undefined);
  const first = <K extends keyof CyclePolicy>(key: K, isSet: (value: CyclePolicy[K]) => boolean) =>
    layers.map((policy) => policy[key]).find(isSet);
  const isThere = (value: unknown) => value !== undefined;
  const maxCostMicroUsd = first('maxCostMicroUsd', isThere);
  return create(CyclePolicySchema, {
    maxRounds: first('maxRounds', isThere) ?? DEFAULTS.maxRounds,
    candidatesPerRound: Math.max(first('candidatesPerRound', isThere) ?? count, count),
    ...(maxCostMicroUsd !== undefined && { maxCostMicroUsd }),
    maxDuration: first('maxDuration', isThere) ?? durationFromMs(DEFAULTS.maxDurationMs),
    fallbackModels: first('fallbackModels', (models) => models.length > 0) ?? [],
    plateauRounds: first('plateauRounds', isThere) ?? DEFAULTS.plateauRounds,
    crossRefusal: first('crossRefusal', isThere) ?? false,
    allowExperimental: first('allowExperimental', isThere) ?? false,
    promptMode: first('promptMode', (mode) => mode !== PromptMode.UNSPECIFIED) ?? PromptMode.EXPAND,
    onDisconnect:
      first('onDisconnect', (value) => value !== OnDisconnect.UNSPECIFIED) ?? OnDisconnect.CONTINUE,
    refine: first('refine', isThere) ?? true,
    confirmMargin: first('confirmMargin', isThere) ?? DEFAULTS.confirmMargin,
    earlyExit: first('earlyExit', isThere) ?? false,
    edit: first('edit', isThere) ?? true,
    heldOutJudge: first('heldOutJudge', (judge) => judge !== '') ?? '',
    controlArm: first('controlArm', isThere) ?? false,
  });
}

/** What the request, and what it names, decide of a plan. */
export interface PlanFacts {
  readonly model: string;
  readonly count: number;
  readonly seed: number;
  readonly judged: boolean;
}

/** The bounds that the state machine decides by. */
export function planOf(policy: CyclePolicy, { model, count, seed, judged }: PlanFacts): CyclePlan {
  return {
    confirmMargin: policy.confirmMargin ?? DEFAULTS.confirmMargin,
    earlyExit: policy.earlyExit ?? false,
    ...(policy.heldOutJudge !== '' && { heldOutJudge: policy.heldOutJudge }),
    controlArm: policy.controlArm ?? false,
    models: [...new Set([model, ...policy.fallbackModels])],
    count,
    candidatesPerRound: policy.candidatesPerRound ?? count,
    maxRounds: policy.maxRounds ?? DEFAULTS.maxRounds,
    plateauRounds: policy.plateauRounds ?? DEFAULTS.plateauRounds,
    maxCostMicroUsd: policy.maxCostMicroUsd,
    maxDurationMs: policy.maxDuration === undefined ? DEFAULTS.maxDurationMs : durationMs(policy.maxDuration),
    refine: policy.refine ?? true,
    crossRefusal: policy.crossRefusal ?? false,
    writer: policy.promptMode === PromptMode.RENDER ? 'render' : 'expand',
    seed,
    judged,
  };
}
