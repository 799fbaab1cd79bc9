import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { FewShotExample, TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { nearestExamples } from '../../expand/few-shot.ts';
import { givenVariables, wordsOf } from '../../template/brief.ts';
import type { Rendering } from '../../template/render.ts';
import type { Requirement } from '../../template/requirements.ts';
import { joinSentences } from '../../text/sentences.ts';
import type { ExpandInput, Target } from '../prompt-writer.ts';
import { BOUNDS, clipped, fitting } from './bounds.ts';
import type { Task } from './instructions.ts';

/**
 * What a model is told about a job, besides its instructions: one JSON document. Names and meanings of the fields are
 * explained to the model by the files in `instructions/`; a change here is a new version of those.
 */
export interface Material {
  readonly task: Task;
  readonly brief: JsonObject;
  readonly template: JsonObject;
  readonly target: JsonObject;
  readonly must_say: readonly string[];
  readonly must_contain: readonly string[];
  readonly must_not_contain: readonly string[];
  readonly [more: string]: unknown;
}

/** What every job has. */
export interface Job {
  readonly brief: Brief;
  readonly rendering: Rendering;
  readonly content: TemplateContent | undefined;
  readonly target: Target;
  readonly requirements: readonly Requirement[];
  readonly requiredTerms: readonly string[];
  /** Most characters of the text that is asked for. */
  readonly maxChars: number;
}

/** What a model is told in every job. */
export function baseMaterial(task: Task, job: Job): Material {
  const { rendering, content, target, requirements, requiredTerms, maxChars } = job;
  return {
    task,
    brief: briefOf(job.brief),
    template: {
      prompt: renderedText(rendering),
      negative_prompt: clipped(rendering.negative, BOUNDS.negativeChars),
      guidance: content?.guidance ?? '',
    },
    target: {
      dialect: target.dialect === '' ? 'natural' : target.dialect,
      max_characters: maxChars,
      takes_negative_prompt: target.negativePrompt,
    },
    must_say: fitting(
      requirements.map(({ name }) => clipped(name, BOUNDS.requirementChars)),
      BOUNDS.requirementBytes,
    ),
    must_contain: [...requiredTerms],
    must_not_contain: fitting(rendering.forbiddenTerms, BOUNDS.forbiddenBytes),
  };
}

/** What a model is told to expand a brief. */
export function expandMaterial(job: Job, { examples }: Pick<ExpandInput, 'examples'>): Material {
  const { brief, rendering, content } = job;
  const wanted = {
    declared: content?.variables ?? [],
    variables: rendering.variables,
    words: wordsOf(brief),
  };
  const nearest = nearestExamples(examples, wanted, BOUNDS.examples).map(exampleOf);
  return { ...baseMaterial('expand', job), examples: fitting(nearest, BOUNDS.exampleBytes) };
}

/** A brief in the words of its template, its styles included, whatever its length. */
export function renderedText({ body, styles }: Rendering): string {
  return joinSentences([body, styles.map(({ words }) => words).join(', ')]);
}

function briefOf(brief: Brief): JsonObject {
  const words = wordsOf(brief);
  const input = words === '' ? { variables: givenVariables(brief) } : { words };
  return { ...input, style: { ...brief.style } };
}

function exampleOf({ variables = {}, brief, prompt }: FewShotExample): JsonObject {
  return { input: brief === '' ? { variables } : { words: brief }, prompt };
}
