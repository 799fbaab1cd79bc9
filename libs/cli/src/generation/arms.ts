import {
  type Candidate,
  type Generation,
  LadderStep,
  type Round,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';

type Rounds = Pick<Generation, 'rounds'>;

/** The rounds of the cycle, without those of the control arm. */
export function cycleRounds({ rounds }: Rounds): Round[] {
  return rounds.filter(({ step }) => step !== LadderStep.CONTROL);
}

/** The rounds that are no part of the cycle: further images of the first prompt, for the control arm. */
export function controlRounds({ rounds }: Rounds): Round[] {
  return rounds.filter(({ step }) => step === LadderStep.CONTROL);
}

/** Images of these rounds. */
export function imagesOf(rounds: readonly Round[]): number {
  return rounds.flatMap(({ candidates }) => candidates).filter(({ image }) => image !== undefined).length;
}

/** The candidate with an image that ranks first among these rounds; where none was ranked, the earliest. */
export function bestOf(rounds: readonly Round[]): Candidate | undefined {
  return rounds
    .flatMap(({ candidates }) => candidates)
    .filter(({ image }) => image !== undefined)
    .sort((a, b) => place(a) - place(b))[0];
}

function place({ rank }: Candidate): number {
  return rank === 0 ? Number.MAX_SAFE_INTEGER : rank;
}

/**
 * The round that a round started from: that of the best image of the rounds before it that were accepted, as the cycle
 * chooses it; where an image was edited, that image's. The control arm starts from the first prompt. Undefined for the
 * first round, and where no image came before.
 */
export function startOf(round: Round, generation: Rounds): Round | undefined {
  const cycle = cycleRounds(generation);
  if (round.step === LadderStep.CONTROL) return cycle[0];
  const earlier = cycle.filter(({ number }) => number < round.number);
  const edited = earlier.find(({ candidates }) =>
    candidates.some(({ image }) => round.editedImage !== '' && image?.name === round.editedImage),
  );
  if (edited !== undefined) return edited;
  const best = bestOf(earlier.filter(({ accepted }) => accepted));
  return earlier.find(({ number }) => number === best?.round) ?? earlier.at(-1);
}
