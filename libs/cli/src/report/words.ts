import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Candidate,
  type Generation,
  GenerationState,
  GenerationStateSchema,
  Outcome,
  OutcomeSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { markOf } from '../generation/verdicts.ts';
import { enumName } from '../output/format.ts';

/** How something is: the colour that goes with it, beside a sign and words. */
export type Tone = 'good' | 'bad' | 'open' | 'quiet';

/** A verdict for readers. */
export interface VerdictWords {
  readonly sign: string;
  readonly tone: Tone;
  readonly word: string;
}

const tones: Readonly<Record<number, Tone>> = {
  [Verdict.PASS]: 'good',
  [Verdict.FAIL]: 'bad',
  [Verdict.NOT_APPLICABLE]: 'quiet',
};

/** A verdict as sign, tone and word. */
export function verdictWords({ verdict }: Pick<Answer, 'verdict'>): VerdictWords {
  const { sign, word } = markOf(verdict);
  const plain = verdict === Verdict.PASS ? 'passes' : verdict === Verdict.FAIL ? 'fails' : word;
  return { sign, tone: tones[verdict] ?? 'open', word: plain };
}

const outcomes: Readonly<Record<number, VerdictWords>> = {
  [Outcome.APPROVED]: { sign: '✓', tone: 'good', word: 'Approved' },
  [Outcome.NEEDS_REVIEW]: { sign: '?', tone: 'open', word: 'Needs review' },
  [Outcome.EXHAUSTED]: { sign: '✗', tone: 'bad', word: 'Exhausted' },
  [Outcome.UNJUDGED]: { sign: '?', tone: 'open', word: 'Unjudged' },
  [Outcome.REFUSED]: { sign: '⊘', tone: 'bad', word: 'Refused' },
  [Outcome.FAILED]: { sign: '!', tone: 'bad', word: 'Failed' },
  [Outcome.CANCELLED]: { sign: '–', tone: 'quiet', word: 'Cancelled' },
};

/** An outcome as sign, tone and word; where a generation has not ended, its state. */
export function outcomeWords({ state, outcome }: Pick<Generation, 'state' | 'outcome'>): VerdictWords {
  if (state !== GenerationState.ENDED)
    return { sign: '…', tone: 'quiet', word: titleCase(enumName(GenerationStateSchema, state)) };
  return outcomes[outcome] ?? { sign: '?', tone: 'open', word: titleCase(enumName(OutcomeSchema, outcome)) };
}

function titleCase(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A candidate's place among all, in words: `1st of 4`. */
export function rankWords({ rank }: Candidate, of: number): string {
  return rank === 0 ? 'not ranked' : `${ordinal(rank)} of ${of}`;
}

function ordinal(value: number): string {
  const last = value % 10;
  const isTeen = value % 100 > 10 && value % 100 < 14;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][last] ?? 'th');
  return `${value}${ending}`;
}

/** What a generation is about, in a line: the caller's words, or the variables. */
export function subjectWords({ request, name }: Generation): string {
  const input = request?.brief?.input;
  const words =
    input?.case === 'prompt'
      ? input.value
      : Object.entries(input?.value ?? {})
          .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
          .join(' · ');
  const short = words.length > MAX_SUBJECT ? `${words.slice(0, MAX_SUBJECT - 1).trimEnd()}…` : words;
  return short || request?.subjectId || name;
}

/** Characters of a title. */
const MAX_SUBJECT = 120;
