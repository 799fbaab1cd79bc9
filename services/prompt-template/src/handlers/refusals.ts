import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { invalidArgument, type RpcError } from '@atelier/rpc';
import { type Compilation, compileTemplate } from '../template/compile.ts';
import type { ForbiddenProblems } from '../template/forbidden.ts';
import type { Problem } from '../template/problem.ts';

/** INVALID_ARGUMENT for a brief that does not fit, naming everything that is wrong with it. */
export function briefRefused(problems: readonly Problem[]): RpcError {
  return invalidArgument(problems, { reason: 'VARIABLE_INVALID' });
}

/**
 * INVALID_ARGUMENT for forbidden terms: VARIABLE_INVALID where the brief brings one in, TEMPLATE_INVALID where only texts
 * of the template hold them.
 */
export function forbiddenRefused({ brief, template }: ForbiddenProblems): RpcError {
  const reason = brief.length > 0 ? 'VARIABLE_INVALID' : 'TEMPLATE_INVALID';
  return invalidArgument([...brief, ...template], { reason });
}

/** The content checked and compiled, or INVALID_ARGUMENT naming everything that is wrong with it. */
export function checkedContent(
  content: TemplateContent,
): Compilation & { readonly compiled: NonNullable<Compilation['compiled']> } {
  const compilation = compileTemplate(content);
  const { compiled, problems } = compilation;
  if (compiled === undefined) throw invalidArgument(problems, { reason: 'TEMPLATE_INVALID' });
  return { ...compilation, compiled };
}

/** A message field that the contract requires, and the server has therefore checked. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a required field passed the check of the contract unset');
  return value;
}
