import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type {
  FailedQuestion,
  PromptAttempt,
  PromptTarget,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { Rendering } from '../template/render.ts';

/** For what a prompt is written, with what was not said filled in. */
export type Target = Pick<PromptTarget, 'dialect' | 'maxChars' | 'negativePrompt'>;

/** What a writer is given to expand. */
export interface ExpandInput {
  readonly brief: Brief;
  readonly rendering: Rendering;
  /** Content of the template, examples and guidance included; undefined for a brief in the caller's own words. */
  readonly content: TemplateContent | undefined;
  readonly target: Target;
}

/** What a writer is given to refine. */
export interface RefineInput {
  readonly brief: Brief;
  readonly content: TemplateContent | undefined;
  readonly target: Target;
  /** The prompt of the best so far. */
  readonly text: string;
  readonly negative: string;
  /** Root failures. */
  readonly failed: readonly FailedQuestion[];
  /** Questions that pass. */
  readonly mustKeep: readonly string[];
  /** Earlier attempts, oldest first. */
  readonly history: readonly PromptAttempt[];
  readonly requiredTerms: readonly string[];
  readonly forbiddenTerms: readonly string[];
}

/** What a writer wrote. */
export interface Written {
  readonly text: string;
  readonly negative: string;
  readonly usage: readonly Usage[];
  /** What the caller should know of it: what was left out, shortened or added. */
  readonly warnings: readonly string[];
}

/** What a writer rewrote, and why so. */
export interface Rewritten extends Written {
  readonly rationale: string;
}

/**
 * Turns briefs into prompts and mends prompts after a verdict. The port behind which language models are attached; the
 * caller checks what comes out (length, required and forbidden terms, equality with an earlier prompt).
 */
export interface PromptWriter {
  /** Name and version, as prompts record it: `rules@1`. */
  readonly version: string;
  /** Throws `TooLong` where nothing short enough can be said. */
  expand(input: ExpandInput, signal: AbortSignal): Promise<Written>;
  /** Throws `CannotRefine` where no different rewrite is left. */
  refine(input: RefineInput, signal: AbortSignal): Promise<Rewritten>;
}

/** No different rewrite of the prompt could be made; the message says why. */
export class CannotRefine extends Error {
  override readonly name = 'CannotRefine';
}
