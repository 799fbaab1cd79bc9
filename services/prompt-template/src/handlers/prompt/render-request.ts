import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { PromptTarget } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { type CallContext, invalidArgument } from '@atelier/rpc';
import type { PromptTemplateContext } from '../../context.ts';
import { checkBrief } from '../../template/brief.ts';
import { type Rendering, renderTemplate, renderWords } from '../../template/render.ts';
import type { SourceTemplate } from '../../template-source.ts';
import { TooLong } from '../../text/compose.ts';
import { presentTerms } from '../../text/terms.ts';
import type { Target } from '../../writers/prompt-writer.ts';
import { briefRefused, required } from '../refusals.ts';

/** What RenderPrompt and ExpandPrompt have in common. */
export interface RenderRequest {
  readonly template: string;
  readonly brief?: Brief | undefined;
  readonly target?: PromptTarget | undefined;
}

/** A brief that was rendered. */
export interface Rendered {
  readonly brief: Brief;
  readonly rendering: Rendering;
  /** Undefined for a brief in the caller's own words. */
  readonly source: SourceTemplate | undefined;
  readonly target: Target;
}

/** The limit of the contract on a prompt, in characters. */
const MAX_PROMPT_CHARS = 32_768;

/** Where no target is named there is no limit but the contract's, and what to avoid stays a text of its own. */
export function targetOf(target: PromptTarget | undefined): Target {
  if (target === undefined) return { dialect: '', maxChars: MAX_PROMPT_CHARS, negativePrompt: true };
  const { dialect, maxChars, negativePrompt } = target;
  return { dialect, maxChars: maxChars === 0 ? MAX_PROMPT_CHARS : maxChars, negativePrompt };
}

/** Renders the brief of a request, or throws INVALID_ARGUMENT naming everything that is wrong with it. */
export async function renderRequest(
  { templates }: PromptTemplateContext,
  request: RenderRequest,
  call: CallContext,
): Promise<Rendered> {
  const brief = required(request.brief);
  const target = targetOf(request.target);
  const source = await templates.find(request.template, call);
  if (source === undefined && brief.input.case === 'variables') {
    throw invalidArgument('template', 'is required where the brief is variables');
  }
  const wrong = checkBrief(brief);
  const result =
    source === undefined
      ? { rendering: renderWords(brief) }
      : renderTemplate(source.compiled, brief, target.dialect);
  if (result.problems !== undefined) throw briefRefused([...wrong, ...result.problems]);
  if (wrong.length > 0) throw briefRefused(wrong);
  return { brief, rendering: result.rendering, source, target };
}

/** Refuses a text that holds what the template forbids: it came in with the brief. */
export function refuseForbidden(text: string, forbidden: readonly string[]): void {
  const found = presentTerms(text, forbidden);
  if (found.length === 0) return;
  throw briefRefused(
    found.map((term) => ({ field: 'brief', description: `brings in the forbidden term "${term}"` })),
  );
}

/** Awaits what is written for a target; what cannot be said in its limit is INVALID_ARGUMENT on the limit. */
export async function withinLimit<T>(write: () => T | Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof TooLong) throw invalidArgument('target.max_chars', error.message, { cause: error });
    throw error;
  }
}
