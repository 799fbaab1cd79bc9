import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { Ending, ImageCandidate, PromptWanted } from './state.ts';

/** Write the prompt of a round and have it translated. Repeatable. */
export interface PromptStep {
  readonly kind: 'prompt';
  /** Names the step within the generation; a step of the same id is never run twice at once. */
  readonly id: string;
  readonly wanted: PromptWanted;
}

/** A candidate that is to be made. */
export interface CandidateOrder {
  readonly index: number;
  readonly key: string;
  readonly seed: number;
}

/** Have the images of a round made. Paid: begun once, attached to afterwards by the same keys. */
export interface GenerateStep {
  readonly kind: 'generate';
  readonly id: string;
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
  readonly prompt: Prompt;
  readonly estimate: Cost | undefined;
  /** Those that have not ended. */
  readonly candidates: readonly CandidateOrder[];
  /** Whether it was begun: then its money may be spent. */
  readonly begun: boolean;
  /** Whether the cycle stops: what runs is cancelled, and what comes all the same is kept. */
  readonly stopping: boolean;
  /** Name of the image that is edited; absent where images are made from the prompt alone. */
  readonly editedImage?: string | undefined;
}

/** Have a candidate judged. Repeatable. */
export interface JudgeStep {
  readonly kind: 'judge';
  readonly id: string;
  readonly candidate: ImageCandidate;
  /** `second` asks again what was barely passed, `held-out` asks the judge that takes no part in the cycle. */
  readonly look: 'first' | 'second' | 'held-out';
}

/** Work that is to be done now. */
export type Step = PromptStep | GenerateStep | JudgeStep;

/** What follows from a state. */
export type Next =
  /** It waits for its turn. */
  | { readonly kind: 'wait' }
  /** All of these may run at once. */
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  /** Nothing is under way and nothing is to be done: it ends so. */
  | { readonly kind: 'finish'; readonly ending: Omit<Ending, 'timeMs'> }
  | { readonly kind: 'ended' };
