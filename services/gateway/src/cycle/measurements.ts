import {
  type ControlArm,
  ControlArmSchema,
  type HeldOut,
  type HeldOutLook,
  HeldOutLookSchema,
  HeldOutSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { totalCost } from './costs.ts';
import { bestResults } from './outcome.ts';
import { compareCandidates, passes } from './ranking.ts';
import { type CycleState, type HeldOutJudgement, hasImage, isControl, isSame } from './state.ts';

/** What the held-out judge says; nothing where the policy asks for none, or the cycle has not come to it. */
export function toHeldOut(state: CycleState): { heldOut?: HeldOut } {
  const { plan, after, usage } = state;
  if (plan.heldOutJudge === undefined || after === undefined) return {};
  const looks = after.heldOut.map(toLook);
  const first = looks.find(({ round }) => round === 0);
  // The look at round 0 is not taken for one at the result, where that could not be had any more.
  const [best] = bestResults(state);
  const result = looks.find((look) => isSame(look, best));
  return {
    heldOut: create(HeldOutSchema, {
      judge: plan.heldOutJudge,
      ...(first !== undefined && { first }),
      ...(result !== undefined && { result }),
      usage: usage.filter(({ step }) => step.startsWith('held-out/')).map((entry) => entry.usage),
    }),
  };
}

function toLook({ of, answers, score, failure }: HeldOutJudgement): HeldOutLook {
  return create(HeldOutLookSchema, {
    ...of,
    answers: [...answers],
    ...(score !== undefined && { score }),
    failure,
  });
}

/**
 * The control arm: the images of round 0, which both arms share, and those that were made of the same prompt once the cycle
 * was over. It is approved where as many of them pass as results were asked for.
 */
export function toControlArm({ plan, after, rounds, usage }: CycleState): { controlArm?: ControlArm } {
  if (plan.controlArm !== true || after === undefined) return {};
  const own = rounds.filter(isControl);
  const arm = [...rounds.slice(0, 1), ...own].flatMap(({ candidates }) => candidates);
  const images = arm.filter(hasImage).sort(compareCandidates);
  const bestScore = images[0]?.judgement?.score;
  const numbers = new Set(own.map(({ number }) => number));
  return {
    controlArm: create(ControlArmSchema, {
      images: images.length,
      approved: images.filter(passes).length >= plan.count,
      ...(bestScore !== undefined && { bestScore }),
      shortfall: after.shortfall,
      cost: totalCost(usage.filter(({ round }) => numbers.has(round)).map((entry) => entry.usage)),
    }),
  };
}
