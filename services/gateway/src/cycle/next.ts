import { endingOf } from './outcome.ts';
import { candidateKey } from './plan.ts';
import { type CycleState, hasImage, openRound, type RoundState } from './state.ts';
import type { GenerateStep, Next, Step } from './steps.ts';

/** What follows from a state. Pure: the same state always has the same answer. */
export function next(state: CycleState): Next {
  if (state.ending !== undefined) return { kind: 'ended' };
  const round = openRound(state);
  if (state.stop !== undefined) {
    // What was paid for is waited for, so that neither an image nor its cost is lost.
    if (round?.begun && !round.generated) return { kind: 'steps', steps: [generateStep(state, round)] };
    return { kind: 'finish', ending: endingOf(state, state.stop) };
  }
  if (state.startMs === undefined) return { kind: 'wait' };
  const { prompting } = state;
  if (prompting !== undefined) {
    const id = `prompt/${prompting.round}/${prompting.attempt}/${prompting.how}`;
    return { kind: 'steps', steps: [{ kind: 'prompt', id, wanted: prompting }] };
  }
  if (round === undefined) throw new Error('a cycle without work has no reason to stop');
  const steps: Step[] = round.generated ? [] : [generateStep(state, round)];
  return { kind: 'steps', steps: [...steps, ...judgeSteps(state, round)] };
}

function generateStep(state: CycleState, round: RoundState): GenerateStep {
  const { number, attempt } = round;
  const candidates = round.candidates
    .filter(({ result }) => result === undefined)
    .map(({ index, seed }) => ({ index, seed, key: candidateKey(state.facts.name, number, index, attempt) }));
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
    stopping: state.stop !== undefined,
  };
}

function judgeSteps(state: CycleState, round: RoundState): Step[] {
  if (!state.plan.judged) return [];
  return round.candidates
    .filter(hasImage)
    .filter(({ judgement }) => judgement === undefined)
    .map((candidate) => ({ kind: 'judge', id: `judge/${candidate.round}/${candidate.index}`, candidate }));
}
