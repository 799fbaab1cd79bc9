import { type Brief, BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  FailedQuestionSchema,
  type PromptAttempt,
  PromptAttemptSchema,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { assemble } from '../src/template/assemble.ts';
import { compileTemplate } from '../src/template/compile.ts';
import { renderTemplate } from '../src/template/render.ts';
import type { ExpandInput, RefineInput, Target } from '../src/writers/prompt-writer.ts';

/** A template as a team might have it. */
export const CONTENT = {
  body: '{{ count }} {{ item }}{% if line %} under a sign "{{ line }}"{% endif %}, {{ style.background }}',
  negativePrompt: 'watermark',
  variables: [
    { name: 'item', required: true },
    { name: 'count', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 1 },
    { name: 'line' },
  ],
  styleDefaults: [{ name: 'background', value: 'on white linen' }],
  examples: [
    { variables: { item: 'figs', count: 2 }, prompt: 'Two figs, soft side light, on slate' },
    { variables: { item: 'pears', count: 3 }, prompt: 'Three pears, side by side, on white linen' },
  ],
  requiredTerms: ['{{ item }}'],
  forbiddenTerms: ['blood'],
  guidance: 'Call every picture a photograph.',
} as const satisfies JsonObject;

/** The widest target. */
export const TARGET: Target = { dialect: '', maxChars: 32_768, negativePrompt: true };

/** What a writer is given to expand, for these variables. */
export function expandInput(
  given: JsonObject,
  {
    target = TARGET,
    forbiddenTerms = [],
    content: json = CONTENT,
    style = {},
  }: {
    readonly target?: Target;
    readonly forbiddenTerms?: readonly string[];
    readonly content?: JsonObject;
    readonly style?: Record<string, string>;
  } = {},
): ExpandInput {
  const content = fromJson(TemplateContentSchema, json);
  const { compiled, problems } = compileTemplate(content);
  if (compiled === undefined) throw new Error(JSON.stringify(problems));
  const brief: Brief = create(BriefSchema, { input: { case: 'variables', value: given }, style });
  const { rendering, problems: wrong } = renderTemplate(compiled, brief, {
    dialect: target.dialect,
    forbiddenTerms,
  });
  if (rendering === undefined) throw new Error(JSON.stringify(wrong));
  const plain = assemble(rendering, target);
  return { brief, rendering, content, examples: content.examples, target, plain };
}

/** A question that failed, of a judge that looked. */
export function failure(questionId: string, more: JsonObject = {}) {
  return fromJson(FailedQuestionSchema, {
    questionId,
    question: 'Are there exactly 3 pears?',
    critique: 'There are four pears.\nAsk for exactly three.',
    ...more,
  });
}

/** An earlier attempt. */
export function attempt(text: string, ...failedQuestionIds: string[]): PromptAttempt {
  return create(PromptAttemptSchema, { prompt: { text }, failedQuestionIds });
}

/** What a writer is given to refine a prompt of the brief. */
export function refineInput(
  text: string,
  more: Partial<RefineInput> = {},
  input: ExpandInput = expandInput({ item: 'pears', count: 3 }),
): RefineInput {
  const { brief, rendering, content, target, plain } = input;
  return {
    brief,
    rendering,
    content,
    target,
    plain,
    text,
    negative: rendering.negative,
    failed: [failure('count')],
    mustKeep: ['Is the background white?'],
    history: [],
    requiredTerms: rendering.requiredTerms,
    forbiddenTerms: rendering.forbiddenTerms,
    edit: false,
    ...more,
  };
}
