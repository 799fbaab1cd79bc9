import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Answer, Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { LadderStep, Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type {
  CandidateResult,
  NativeRequest,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { TranslationReceipt } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { CyclePlan, GenerationFacts } from './plan.ts';

/** What the judges said of a candidate. */
export interface Judgement {
  readonly answers: readonly Answer[];
  /** Absent where the judging itself failed: nothing about the image is known then, and it passes nothing. */
  readonly score: Score | undefined;
  /** Why the judging failed, in words; empty where it did not. */
  readonly failure: string;
}

/** One attempt at an image. */
export interface CandidateState {
  readonly round: number;
  readonly index: number;
  /** Attempt at the round in which it is made: grows when the round goes to another model. */
  readonly attempt: number;
  readonly seed: number;
  /** How it ended; absent while it is under way. */
  readonly result?: CandidateResult;
  readonly judgement?: Judgement;
}

/** A candidate that has an image. */
export interface ImageCandidate extends CandidateState {
  readonly result: CandidateResult & { readonly image: ImageRef };
}

/** One turn of the cycle. */
export interface RoundState {
  readonly number: number;
  readonly attempt: number;
  readonly model: string;
  readonly step: LadderStep;
  readonly how: PromptWanted['how'];
  readonly prompt: Prompt;
  readonly rationale: string;
  readonly receipt: TranslationReceipt | undefined;
  readonly nativeRequests: readonly NativeRequest[];
  /** Upper bound of what its images cost. */
  readonly estimate: Cost | undefined;
  readonly candidates: readonly CandidateState[];
  /** Whether the images were asked for: from then on money may be spent. */
  readonly begun: boolean;
  /** Whether no further candidate will end. */
  readonly generated: boolean;
  /** Whether it is over, judged or not. */
  readonly closed: boolean;
  readonly accepted: boolean;
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** The prompt that is to be written next. */
export interface PromptWanted {
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
  /** What the round does differently from the one before. */
  readonly step: LadderStep;
  /** `write` from the brief, `refine` the best so far, or `reuse` the text as it is with other seeds. */
  readonly how: 'write' | 'refine' | 'reuse';
  /** Text that is reused. */
  readonly reuse: Prompt | undefined;
  readonly candidates: number;
}

/** Work that was used, with the step that used it. */
export interface UsageEntry {
  /** Within the generation: `prompt/{round}/{attempt}`, `image/{round}/{index}/{attempt}`, `judge/{round}/{index}`. */
  readonly step: string;
  readonly round: number;
  readonly usage: Usage;
  readonly timeMs: number;
}

/** Why it stops. */
export interface Stop {
  readonly reason: StopReason;
  /** In words, where there is more to say than the reason itself. */
  readonly detail: string;
}

/** How it ended. */
export interface Ending extends Stop {
  readonly outcome: Outcome;
  readonly message: string;
  readonly timeMs: number;
}

/** Identity of a candidate. */
export interface CandidateId {
  readonly round: number;
  readonly index: number;
}

/** Everything that the cycle knows. It is what its journal says, and nothing else. */
export interface CycleState {
  readonly plan: CyclePlan;
  readonly facts: GenerationFacts;
  readonly createMs: number;
  /** When the first step began; absent while it waits for its turn. */
  readonly startMs: number | undefined;
  /** When its time is over; absent while it waits for its turn. */
  readonly deadlineMs: number | undefined;
  /** Time of the last transition. */
  readonly lastMs: number;
  readonly eventNumber: number;
  readonly modelIndex: number;
  readonly rounds: readonly RoundState[];
  readonly prompting: PromptWanted | undefined;
  /** Best candidate of the accepted rounds: where refinement starts from. */
  readonly base: CandidateId | undefined;
  /** Rounds in a row that brought no gain on the current model. */
  readonly gainless: number;
  /** Whether a prompt that could not be refined was sampled again already. */
  readonly resampled: boolean;
  readonly usage: readonly UsageEntry[];
  readonly warnings: readonly string[];
  readonly stop: Stop | undefined;
  readonly ending: Ending | undefined;
}

/** The round that is not over, if there is one. */
export function openRound(state: CycleState): RoundState | undefined {
  const last = state.rounds.at(-1);
  return last === undefined || last.closed ? undefined : last;
}

/** Whether the candidate has an image. */
export function hasImage(candidate: CandidateState): candidate is ImageCandidate {
  return candidate.result?.image !== undefined;
}

/** All candidates with an image, in order of round and index. */
export function imageCandidates(state: Pick<CycleState, 'rounds'>): ImageCandidate[] {
  return state.rounds.flatMap((round) => round.candidates.filter(hasImage));
}

/** The candidate of that identity, if it has an image. */
export function findCandidate(
  state: Pick<CycleState, 'rounds'>,
  id: CandidateId | undefined,
): ImageCandidate | undefined {
  if (id === undefined) return undefined;
  return imageCandidates(state).find(({ round, index }) => round === id.round && index === id.index);
}
