import { heldOutToSee } from './afterwards.ts';
import { endingOf } from './outcome.ts';
import { candidateKey } from './plan.ts';
import { needsSecondLook, withoutSecondLooks } from './second-look.ts';
import { type CycleState, findCandidate, hasImage, isHalted, openRound, type RoundState } from './state.ts';
import type { GenerateStep, JudgeStep, Next, Step } from './steps.ts';

/** What follows from a state. Pure: the same state always has the same answer. */
export function next(state: CycleState): Next {
  if (state.ending !== undefined) return { kind: 'ended' };
  const round = openRound(state);
  if (state.stop !== undefined) {
    const steps = isHalted(state) ? awaited(state, round) : afterwards(state, round);
    return steps.length > 0
      ? { kind: 'steps', steps }
      : { kind: 'finish', ending: endingOf(withoutSecondLooks(state), state.stop) };
  }
  if (state.startMs === undefined) return { kind: 'wait' };
  const steps = stepsOf(state, round);
  if (steps.length === 0) throw new Error('a cycle without work has no reason to stop');
  return { kind: 'steps', steps };
}

/** What was paid for is waited for, so that neither an image nor its cost is lost. */
function awaited(state: CycleState, round: RoundState | undefined): Step[] {
  return round?.begun && !round.generated ? [generateStep(state, round)] : [];
}

function afterwards(state: CycleState, round: RoundState | undefined): Step[] {
  const heldOut = heldOutToSee(state).map(
    (candidate): JudgeStep => ({
      kind: 'judge',
      id: `held-out/${candidate.round}/${candidate.index}`,
      candidate,
      look: 'held-out',
    }),
  );
  return [...stepsOf(state, round), ...heldOut];
}

function stepsOf(state: CycleState, round: RoundState | undefined): Step[] {
  const { prompting } = state;
  if (prompting !== undefined) {
    const { round: number, attempt, how, model } = prompting;
    // Another way to the prompt of the same round is another step, and is paid for by itself.
    const id = `prompt/${number}/${attempt}/${how}/${model}`;
    return [{ kind: 'prompt', id, wanted: prompting }];
  }
  if (round === undefined) return [];
  const steps: Step[] = round.generated ? [] : [generateStep(state, round)];
  return [...steps, ...judgeSteps(state, round)];
}

function generateStep(state: CycleState, round: RoundState): GenerateStep {
  const { number, attempt } = round;
  const candidates = round.candidates
    .filter(({ result }) => result === undefined)
    .map(({ index, seed }) => ({ index, seed, key: candidateKey(state.facts.name, number, index, attempt) }));
  const editedImage = findCandidate(state, round.edits)?.result.image.name;
  return {
    kind: 'generate',
    id: `generate/${number}/${attempt}`,
    round: number,
    attempt,
    model: round.model,
    prompt: round.prompt,
    estimate: round.estimate,
    candidates,
    begun: round.begun,
    stopping: isHalted(state),
    ...(editedImage !== undefined && { editedImage }),
  };
}

function judgeSteps({ plan }: CycleState, round: RoundState): Step[] {
  if (!plan.judged) return [];
  return round.candidates.filter(hasImage).flatMap((candidate): JudgeStep[] => {
    const id = `judge/${candidate.round}/${candidate.index}`;
    if (candidate.judgement === undefined) return [{ kind: 'judge', id, candidate, look: 'first' }];
    if (!needsSecondLook(plan, candidate)) return [];
    return [{ kind: 'judge', id: `${id}/second`, candidate, look: 'second' }];
  });
}
