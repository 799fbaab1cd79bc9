import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Answer, Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type {
  CandidateFailure,
  CandidateResult,
  NativeRequest,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { TranslationReceipt } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { CyclePlan, GenerationFacts } from './plan.ts';

/** The first transition of every cycle. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly timeMs: number;
  readonly plan: CyclePlan;
  readonly facts: GenerationFacts;
}

/** It left the queue. */
export interface Started {
  readonly kind: 'started';
  readonly timeMs: number;
}

/** It was taken up again after a time in which nobody ran it. */
export interface Resumed {
  readonly kind: 'resumed';
  readonly timeMs: number;
}

/** A prompt was written and translated. */
export interface PromptReady {
  readonly kind: 'prompt_ready';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  readonly prompt: Prompt;
  readonly rationale: string;
  readonly receipt: TranslationReceipt | undefined;
  readonly nativeRequests: readonly NativeRequest[];
  readonly estimate: Cost | undefined;
  readonly usage: readonly Usage[];
  /** What the writer wants the caller to know. Journals of earlier versions do not have it. */
  readonly warnings?: readonly string[];
}

/** No prompt could be written. */
export interface PromptFailed {
  readonly kind: 'prompt_failed';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  /** `cannot_refine`: the writer has no different prompt. `model`: this model cannot be used. `fault`: all else. */
  readonly why: 'cannot_refine' | 'model' | 'fault';
  readonly message: string;
  /** What the writer used all the same. */
  readonly usage?: readonly Usage[] | undefined;
}

/** A budget or the cap on the cost does not allow a prompt, or a look at an image: nothing was asked. */
export interface StepRefused {
  readonly kind: 'step_refused';
  readonly timeMs: number;
  readonly message: string;
}

/** The images of a round are about to be asked for: the intent, journaled before the call. */
export interface GenerateBegun {
  readonly kind: 'generate_begun';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
}

/** The adapter said what it sends. */
export interface GenerateTranslated {
  readonly kind: 'generate_translated';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  readonly receipt: TranslationReceipt | undefined;
  readonly nativeRequests: readonly NativeRequest[];
}

/** A candidate ended. */
export interface CandidateEnded {
  readonly kind: 'candidate_ended';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  readonly index: number;
  readonly result: CandidateResult;
}

/** No further candidate of this attempt will end. */
export interface GenerateEnded {
  readonly kind: 'generate_ended';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  /** What became of the candidates that did not end by themselves; absent where all did. */
  readonly failure: CandidateFailure | undefined;
}

/** A budget does not allow the images of a round; none was asked for. */
export interface GenerateRefused {
  readonly kind: 'generate_refused';
  readonly timeMs: number;
  readonly round: number;
  readonly attempt: number;
  readonly message: string;
}

/** A candidate was judged, or could not be. */
export interface CandidateJudged {
  readonly kind: 'candidate_judged';
  readonly timeMs: number;
  readonly round: number;
  readonly index: number;
  readonly answers: readonly Answer[];
  readonly score: Score | undefined;
  /** Why it could not be judged; empty where it was. */
  readonly failure: string;
  readonly usage: readonly Usage[];
  readonly warnings: readonly string[];
  /** Absent for the first. */
  readonly look?: 'first' | 'second' | 'held-out' | undefined;
  /** Whether the stop of the cycle cut it off, so that it says nothing of the image, and only counts. Absent for no. */
  readonly cutOff?: boolean | undefined;
}

/** It has to stop, for a reason from outside the cycle. */
export interface StopRequested {
  readonly kind: 'stop_requested';
  readonly timeMs: number;
  readonly reason: StopReason;
  readonly detail: string;
}

/** Over: nothing is under way any more. */
export interface Finished {
  readonly kind: 'finished';
  readonly timeMs: number;
}

/** Whatever happens to a cycle after its acceptance. Journaled before anything follows from it. */
export type Transition =
  | Started
  | Resumed
  | PromptReady
  | PromptFailed
  | GenerateBegun
  | GenerateTranslated
  | CandidateEnded
  | GenerateEnded
  | GenerateRefused
  | CandidateJudged
  | StepRefused
  | StopRequested
  | Finished;
