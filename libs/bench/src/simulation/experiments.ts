import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { bestResults } from '../../../../services/gateway/src/cycle/outcome.ts';
import { compareMerit, passes, ranked } from '../../../../services/gateway/src/cycle/ranking.ts';
import { imageCandidates, isControl } from '../../../../services/gateway/src/cycle/state.ts';
import { toGeneration } from '../../../../services/gateway/src/cycle/view.ts';
import { type Share, share } from '../quality/report.ts';
import { playCycle, type Rules } from './play.ts';
import { type Estimate, meanDifference } from './statistics.ts';
import { approvalRate, precision, truthOf, type World } from './world.ts';

/** 99.9 % of a normal distribution: a test of many shares shall not fail by chance. */
const Z_SURE = 3.290527;
/** 95 % of it. */
const Z = 1.959964;

/** What a gate does to images of one prompt, beside what it must do by its rates. */
export interface GateReport {
  readonly cycles: number;
  readonly images: number;
  readonly approved: Share;
  /** 1 - (1 - a)^N. */
  readonly approvedComputed: number;
  /** Share of the approved whose image really has everything. */
  readonly good: Share;
  /** Product of q t / (q t + (1 - q)(1 - s)). */
  readonly goodComputed: number;
}

/** Whether an interval holds a value, up to the rounding of binary fractions. */
export function holds(
  { low, high }: { readonly low: number; readonly high: number },
  value: number,
): boolean {
  return value >= low - 1e-9 && value <= high + 1e-9;
}

/** Has one round of so many images made for each cycle, without any refinement. */
export async function measureGate(
  world: World,
  images: number,
  cycles: number,
  seed: number,
): Promise<GateReport> {
  const rules = { candidatesPerRound: images, maxRounds: 1, plateauRounds: 1, controlArm: false };
  let [approved, good] = [0, 0];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const state = await playCycle(world, rules, seed + cycle);
    if (state.ending?.outcome !== Outcome.APPROVED) continue;
    approved += 1;
    const name = bestResults(state)[0]?.result.image.name ?? '';
    if ([...truthOf(world, 'picture', name).values()].every(Boolean)) good += 1;
  }
  return {
    cycles,
    images,
    approved: share(approved, cycles, Z_SURE),
    approvedComputed: approvalRate(world, images),
    good: share(good, approved, Z_SURE),
    goodComputed: precision(world),
  };
}

/** What refinement gains over luck, and whether the cycle ever broke its word. */
export interface GainReport {
  readonly cycles: number;
  readonly atFirst: Share;
  readonly approved: Share;
  readonly control: Share;
  /** Approved with refinement less approved without, over pairs that share round 0. With its 95 % interval. */
  readonly gain: Estimate;
  /** Images of each arm in all, round 0 in both. */
  readonly images: { readonly cycle: number; readonly control: number };
  /** Results that rank below the best of round 0. */
  readonly worseThanFirst: number;
  /** Approvals of an image that does not pass every required question. */
  readonly unjustified: number;
}

/** Plays cycles with a control arm each. */
export async function measureGain(
  world: World,
  rules: Omit<Rules, 'controlArm'>,
  cycles: number,
  seed: number,
): Promise<GainReport> {
  const differences: number[] = [];
  const counts = { first: 0, approved: 0, control: 0, worse: 0, unjustified: 0, cycle: 0, arm: 0 };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const state = await playCycle(world, { ...rules, controlArm: true }, seed + cycle);
    const { outcome, controlArm } = toGeneration(state);
    const first = ranked({ rounds: state.rounds.slice(0, 1) })[0];
    const [result] = bestResults(state);
    const [isApproved, isControlApproved] = [outcome === Outcome.APPROVED, controlArm?.approved === true];
    differences.push(Number(isApproved) - Number(isControlApproved));
    if (first !== undefined && passes(first)) counts.first += 1;
    if (isApproved) counts.approved += 1;
    if (isControlApproved) counts.control += 1;
    if (first !== undefined && (result === undefined || compareMerit(result, first) > 0)) counts.worse += 1;
    const answers = result?.judgement?.answers ?? [];
    const isJustified =
      answers.length === world.questions.length && answers.every(({ verdict }) => verdict === Verdict.PASS);
    if (isApproved && !isJustified) counts.unjustified += 1;
    counts.cycle += imageCandidates(state).length;
    counts.arm += controlArm?.images ?? 0;
    if (controlArm?.shortfall !== '')
      throw new Error(`an arm of the simulation fell short: ${controlArm?.shortfall}`);
    if (!rules.candidatesPerRound || state.rounds.filter(isControl).length > rules.maxRounds) {
      throw new Error('an arm of the simulation is larger than its rules allow');
    }
  }
  return {
    cycles,
    atFirst: share(counts.first, cycles),
    approved: share(counts.approved, cycles),
    control: share(counts.control, cycles),
    gain: meanDifference(differences, Z),
    images: { cycle: counts.cycle, control: counts.arm },
    worseThanFirst: counts.worse,
    unjustified: counts.unjustified,
  };
}
