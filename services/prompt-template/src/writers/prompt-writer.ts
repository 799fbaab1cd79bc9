import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type {
  FailedQuestion,
  PromptAttempt,
  PromptTarget,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { FewShotExample, TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { Assembled } from '../template/assemble.ts';
import type { Rendering } from '../template/render.ts';

/** For what a prompt is written, with what was not said filled in. */
export type Target = Pick<PromptTarget, 'dialect' | 'maxChars' | 'negativePrompt'>;

/** What a writer is given to expand. */
export interface ExpandInput {
  readonly brief: Brief;
  readonly rendering: Rendering;
  /** Content of the template, guidance included; undefined for a brief in the caller's own words. */
  readonly content: TemplateContent | undefined;
  /** The template's examples that hold no forbidden term. */
  readonly examples: readonly FewShotExample[];
  readonly target: Target;
  /** The template as it renders, put together for the target: what is used where nothing better can be written. */
  readonly plain: Assembled;
}

/** What a writer is given to refine. */
export interface RefineInput {
  readonly brief: Brief;
  readonly rendering: Rendering;
  readonly content: TemplateContent | undefined;
  readonly target: Target;
  /** The template as it renders, put together for the target; undefined where that does not fit its limit. */
  readonly plain: Assembled | undefined;
  /** The prompt of the best so far. Never an instruction to edit, unless `edit` is true. */
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
  /** The picture itself is edited: wanted is an instruction that says what to change, and that all else stays. */
  readonly edit: boolean;
}

/** The call that a writer works for: the context of the call that is served fits. */
export interface WriterCall {
  readonly signal: AbortSignal;
  /** When the caller has its answer at the latest. */
  readonly deadline: Date | undefined;
}

/** What a writer wrote. */
export interface Written {
  readonly text: string;
  readonly negative: string;
  /** Who wrote it, as prompts record it: `rules@1`, `openai:gpt-5-mini/expand@1-3fa9c2d1`, `template`, `brief`. */
  readonly writer: string;
  readonly usage: readonly Usage[];
  /** What the caller should know of it: what was left out, shortened or added. */
  readonly warnings: readonly string[];
}

/** What a writer rewrote, and why so. */
export interface Rewritten extends Written {
  readonly rationale: string;
}

/** Upper bounds of what calls of a writer cost, everything that it may ask again included. */
export interface WriterEstimates {
  readonly expand: (input: ExpandInput) => Cost;
  readonly refine: (input: RefineInput) => Cost;
  /** Of one call for this brief, an expansion or a refinement whose failures nobody knows yet. */
  readonly either: (input: ExpandInput) => Cost;
}

/**
 * Turns briefs into prompts and mends prompts after a verdict. The port behind which language models are attached. The
 * caller checks once more what comes out (required and forbidden terms, equality with an earlier prompt).
 */
export interface PromptWriter {
  readonly estimates: WriterEstimates;
  /**
   * Throws `TooLong` where nothing short enough can be said, and UNAVAILABLE where the writer is away for the moment.
   */
  expand(input: ExpandInput, call: WriterCall): Promise<Written>;
  /** Throws `CannotRefine` where no different rewrite is left, and UNAVAILABLE as `expand`. */
  refine(input: RefineInput, call: WriterCall): Promise<Rewritten>;
}

/** No different rewrite of the prompt could be made; the message says why. */
export class CannotRefine extends Error {
  override readonly name = 'CannotRefine';
  /** What was used for the attempt. */
  readonly usage: readonly Usage[];

  constructor(message: string, usage: readonly Usage[] = [], options?: ErrorOptions) {
    super(message, options);
    this.usage = usage;
  }
}
