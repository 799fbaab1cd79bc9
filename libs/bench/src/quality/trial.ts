import type { Atelier, GenerationInput } from '@atelier/client';
import { type Generation, LadderStep, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { SampleBrief } from './samples.ts';

/** What became of one brief in both arms. */
export interface Trial {
  readonly project: string;
  readonly brief: string;
  readonly seed: number;
  /** Whether an image of round 0 passed the gate. */
  readonly approvedAtFirst: boolean;
  /** Whether it ended approved. */
  readonly approved: boolean;
  readonly outcome: string;
  readonly rounds: number;
  readonly images: number;
  /** Ids of the required questions that the best image does not pass. */
  readonly failed: readonly string[];
  /** Whether the control arm was approved. */
  readonly control: boolean;
}

/**
 * Runs a brief as its project says, and beside it the control arm: the same cycle with a writer that changes nothing. Both
 * arms share round 0.
 */
export async function runTrial(
  atelier: Atelier,
  project: string,
  brief: SampleBrief,
  seed: number,
  model: string | undefined,
): Promise<Trial> {
  const input: GenerationInput = {
    project,
    brief: { variables: { ...brief.variables } },
    parameters: { seed },
    subjectId: brief.id,
    labels: { measurement: 'quality' },
    policy: { controlArm: true },
    ...(model !== undefined && { model }),
  };
  const generation = await atelier.generate(input);
  const { controlArm, outcome, results } = generation;
  if (controlArm?.shortfall !== '') {
    throw new Error(`The control arm of ${brief.id} fell short: ${controlArm?.shortfall ?? 'there is none'}`);
  }
  const rounds = generation.rounds.filter(({ step }) => step !== LadderStep.CONTROL);
  return {
    project,
    brief: brief.id,
    seed,
    approvedAtFirst: passesInRound(generation, 0),
    approved: outcome === Outcome.APPROVED,
    outcome: outcomeName(outcome),
    rounds: rounds.length,
    images: rounds.flatMap(({ candidates }) => candidates).filter(({ image }) => image !== undefined).length,
    failed: results[0]?.failedQuestionIds ?? [],
    control: controlArm.approved,
  };
}

function passesInRound({ rounds }: Generation, number: number): boolean {
  const candidates = rounds.find((round) => round.number === number)?.candidates ?? [];
  return candidates.some(({ score }) => score?.allRequiredPass === true);
}

function outcomeName(outcome: Outcome): string {
  return Object.entries(Outcome).find(([, value]) => value === outcome)?.[0] ?? String(outcome);
}
