import type { Atelier, GenerationInput } from '@atelier/client';
import { type Generation, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
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
  /** Whether the best of as many images of the first prompt passed the gate. */
  readonly control: boolean;
}

/** Most candidates that one round of the control arm can have. */
const MAX_CANDIDATES = 16;

/**
 * Runs a brief with refinement, as its project says, and beside it the compute-matched control: as many images as the
 * refined arm used, all of the first prompt, from the same seed. Both arms share their first image.
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
    ...(model !== undefined && { model }),
  };
  const refined = await atelier.generate(input);
  const images = imageCount(refined);
  const control = await atelier.generate({
    ...input,
    labels: { measurement: 'quality-control' },
    policy: {
      maxRounds: 1,
      candidatesPerRound: Math.min(MAX_CANDIDATES, Math.max(1, images)),
      refine: false,
    },
  });
  return {
    project,
    brief: brief.id,
    seed,
    approvedAtFirst: passesInRound(refined, 0),
    approved: refined.outcome === Outcome.APPROVED,
    outcome: outcomeName(refined.outcome),
    rounds: refined.rounds.length,
    images,
    failed: refined.results[0]?.failedQuestionIds ?? [],
    control: control.outcome === Outcome.APPROVED,
  };
}

function imageCount({ rounds }: Generation): number {
  return rounds.flatMap(({ candidates }) => candidates).filter(({ image }) => image !== undefined).length;
}

function passesInRound({ rounds }: Generation, number: number): boolean {
  const candidates = rounds.find((round) => round.number === number)?.candidates ?? [];
  return candidates.some(({ score }) => score?.allRequiredPass === true);
}

function outcomeName(outcome: Outcome): string {
  return Object.entries(Outcome).find(([, value]) => value === outcome)?.[0] ?? String(outcome);
}
