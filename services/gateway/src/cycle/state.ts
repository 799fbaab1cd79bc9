import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Answer, Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  LadderStep,
  type Outcome,
  type StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
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
  /** How often the image was looked at. Absent for once. */
  readonly looks?: number | undefined;
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
  /** The candidate whose image is edited; absent where images are made from the prompt alone. */
  readonly edits?: CandidateId | undefined;
  /** What the cycle would have called the step, for a round of the control arm. */
  readonly asIf?: LadderStep | undefined;
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
  /** The candidate whose image is to be edited, where the step is EDIT. */
  readonly edits?: CandidateId | undefined;
  /** What the cycle would call the step, for a round of the control arm. */
  readonly asIf?: LadderStep | undefined;
}

/** Work that was used, with the step that used it. */
export interface UsageEntry {
  /**
   * Within the generation: `prompt/{round}/{attempt}`, `image/{round}/{index}/{attempt}`, `judge/{round}/{index}` and
   * `judge/{round}/{index}/second`, `held-out/{round}/{index}`.
   */
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

/** What the held-out judge says of one candidate. */
export interface HeldOutJudgement extends Judgement {
  readonly of: CandidateId;
}

/** What is done once the cycle has stopped: what it measures changes nothing of the result. */
export interface AfterState {
  /** Where the control arm is, as the cycle's own state tells it of the cycle. */
  readonly control: Pick<CycleState, 'base' | 'gainless'>;
  /** Why the control arm ended before its own rules say, in words; empty where it did not. */
  readonly shortfall: string;
  /** Whether no further image of the control arm is to be made. */
  readonly controlDone: boolean;
  readonly heldOut: readonly HeldOutJudgement[];
  /** Whether it was told to stop too: then nothing further is begun. */
  readonly halted: boolean;
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
  /** What follows the stop; absent before it, and while what was paid for is waited for. */
  readonly after?: AfterState | undefined;
  /** The candidate that could not be edited, should it be the best again. */
  readonly uneditable?: CandidateId | undefined;
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

/** Whether the round belongs to the control arm, and so not to the cycle. */
export function isControl({ step }: Pick<RoundState, 'step'>): boolean {
  return step === LadderStep.CONTROL;
}

/** Whether nothing further is begun, and what is under way is cancelled. */
export function isHalted({ stop, after }: CycleState): boolean {
  return stop !== undefined && (after === undefined || after.halted);
}

/** All candidates of the cycle with an image, in order of round and index. Those of the control arm are not among them. */
export function imageCandidates(state: Pick<CycleState, 'rounds'>): ImageCandidate[] {
  return state.rounds
    .filter((round) => !isControl(round))
    .flatMap((round) => round.candidates.filter(hasImage));
}

/** Whether two identities are of the same candidate. */
export function isSame(a: CandidateId | undefined, b: CandidateId | undefined): boolean {
  return a !== undefined && b !== undefined && a.round === b.round && a.index === b.index;
}

/** The candidate of that identity, if it has an image. */
export function findCandidate(
  state: Pick<CycleState, 'rounds'>,
  id: CandidateId | undefined,
): ImageCandidate | undefined {
  if (id === undefined) return undefined;
  return imageCandidates(state).find(({ round, index }) => round === id.round && index === id.index);
}

/** The round of the best candidate of the accepted rounds, if there is one. */
export function roundOfBase(state: Pick<CycleState, 'rounds' | 'base'>): RoundState | undefined {
  return state.rounds.find(({ number }) => number === state.base?.round);
}

/** The round whose prompt describes the picture: that round, or for an edit the one that its edits go back to. */
export function writtenRound(state: Pick<CycleState, 'rounds'>, round: RoundState): RoundState {
  const edited = state.rounds.find(({ number }) => number === round.edits?.round);
  return edited === undefined || edited.number >= round.number ? round : writtenRound(state, edited);
}
