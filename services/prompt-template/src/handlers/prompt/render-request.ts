import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { PromptTarget } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { type CallContext, invalidArgument } from '@atelier/rpc';
import type { PromptTemplateContext } from '../../context.ts';
import { allowedExamples } from '../../expand/few-shot.ts';
import { type Assembled, assemble } from '../../template/assemble.ts';
import { checkBrief } from '../../template/brief.ts';
import { forbiddenProblems } from '../../template/forbidden.ts';
import { type Rendering, renderTemplate, renderWords } from '../../template/render.ts';
import type { SourceTemplate } from '../../template-source.ts';
import { TooLong } from '../../text/compose.ts';
import { presentTerms } from '../../text/terms.ts';
import type { ExpandInput, Target } from '../../writers/prompt-writer.ts';
import { briefRefused, forbiddenRefused, required } from '../refusals.ts';

/** What the requests of PromptService have in common. */
export interface RenderRequest {
  readonly template: string;
  readonly brief?: Brief | undefined;
  readonly target?: PromptTarget | undefined;
  readonly forbiddenTerms: readonly string[];
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
function targetOf(target: PromptTarget | undefined): Target {
  if (target === undefined) return { dialect: '', maxChars: MAX_PROMPT_CHARS, negativePrompt: true };
  const { dialect, maxChars, negativePrompt } = target;
  const limit = maxChars === 0 ? MAX_PROMPT_CHARS : Math.min(maxChars, MAX_PROMPT_CHARS);
  return { dialect, maxChars: limit, negativePrompt };
}

/**
 * Renders the brief of a request, or throws INVALID_ARGUMENT naming everything that is wrong with it. Forbidden terms are
 * not refused here: `expandInput` does.
 */
export async function renderRequest(
  { templates }: PromptTemplateContext,
  request: RenderRequest,
  call: CallContext,
): Promise<Rendered> {
  const brief = required(request.brief);
  const { forbiddenTerms } = request;
  const target = targetOf(request.target);
  const source = await templates.find(request.template, call);
  if (source === undefined && brief.input.case === 'variables') {
    throw invalidArgument('template', 'is required where the brief is variables');
  }
  const wrong = checkBrief(brief);
  const result =
    source === undefined
      ? { rendering: renderWords(brief, forbiddenTerms) }
      : renderTemplate(source.compiled, brief, { dialect: target.dialect, forbiddenTerms });
  if (result.problems !== undefined) throw briefRefused([...wrong, ...result.problems]);
  if (wrong.length > 0) throw briefRefused(wrong);
  return { brief, rendering: result.rendering, source, target };
}

/**
 * What a writer is given to expand, with the template as it renders. Throws INVALID_ARGUMENT where brief or template bring
 * in a forbidden term, or where nothing that keeps what is required fits the target.
 */
export function expandInput({ brief, rendering, source, target }: Rendered): ExpandInput {
  const content = source?.compiled.content;
  const problems = forbiddenProblems(brief, rendering, source?.compiled);
  if (problems.brief.length + problems.template.length > 0) throw forbiddenRefused(problems);
  const plain = plainPrompt(rendering, target);
  const examples = allowedExamples(content?.examples ?? [], rendering.forbiddenTerms);
  return { brief, rendering, content, examples, target, plain };
}

/** What of the template was left out, beside what a limit takes. */
export function leftOut({ rendering, content, examples }: ExpandInput): string[] {
  const missing = (content?.examples.length ?? 0) - examples.length;
  const told = missing === 1 ? '1 example of the template was' : `${missing} examples of the template were`;
  const verb = missing === 1 ? 'it holds' : 'they hold';
  return [
    ...rendering.warnings,
    ...(missing === 0 ? [] : [`${told} left out, since ${verb} a forbidden term.`]),
  ];
}

function plainPrompt(rendering: Rendering, target: Target): Assembled {
  try {
    const assembled = assemble(rendering, target);
    refuseForbidden(assembled.text, rendering.forbiddenTerms);
    return assembled;
  } catch (error) {
    if (error instanceof TooLong) throw invalidArgument('target.max_chars', error.message, { cause: error });
    throw error;
  }
}

/** Refuses a text that holds a forbidden term although none of its parts does. */
export function refuseForbidden(text: string, forbidden: readonly string[]): void {
  const found = presentTerms(text, forbidden);
  if (found.length === 0) return;
  throw briefRefused(
    found.map((term) => ({ field: 'brief', description: `brings in the forbidden term "${term}"` })),
  );
}
