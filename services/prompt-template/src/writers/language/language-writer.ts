import type { LanguageModel, ModelFailure } from '@atelier/language-models';
import type { Logger } from '@atelier/observability';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { BEYOND_WORDS } from '../../refine/rules.ts';
import { nothingToSay } from '../../refine/steps.ts';
import { warningsOf } from '../../text/losses.ts';
import {
  CannotRefine,
  type ExpandInput,
  type PromptWriter,
  type RefineInput,
  type Rewritten,
  type Written,
} from '../prompt-writer.ts';
import type { Answer } from './answer.ts';
import { type AskOutcome, askUntilFit, away, type NotWritten } from './ask.ts';
import { highestOf, sumOf } from './costs.ts';
import { readInstructions, type Task } from './instructions.ts';
import { withAnswered } from './negative.ts';
import { expandAssignment, type InstructionSet, largestQuestions, refineAssignment } from './questions.ts';
import { estimateOf } from './request.ts';

/** What a language writer works with. */
export interface LanguageWriterOptions {
  readonly model: LanguageModel;
  readonly log: Logger;
  /** Told of every ask. */
  readonly record: (task: Task, outcome: AskOutcome) => void;
}

/**
 * A writer that has a language model write. What the model answers is checked before it is taken; where it cannot be, the
 * model is told why and asked again, at most twice. An expansion that comes to nothing is the template as it renders, with a
 * warning, so that the caller gets an image; a refinement that comes to nothing is `CannotRefine`.
 */
export function languageWriter({ model, log, record }: LanguageWriterOptions): PromptWriter {
  const instructions: InstructionSet = {
    expand: readInstructions('expand'),
    refine: readInstructions('refine'),
    edit: readInstructions('edit'),
  };
  const named = (task: Task) => `${model.type}:${model.model}/${instructions[task].name}`;
  const recordFor = (task: Task) => (outcome: AskOutcome) => record(task, outcome);
  const unusable = (failure: ModelFailure) =>
    log.error({ err: failure, model: model.model }, 'the language model that writes prompts cannot be used');

  return {
    estimates: {
      expand: (input) => estimateOf(model, expandAssignment(instructions, input).question),
      refine: (input) => {
        const { mendable } = sorted(input);
        if (mendable.length === 0) return sumOf([]);
        return estimateOf(model, refineAssignment(instructions, input, mendable).question);
      },
      either: (input) =>
        highestOf(
          [expandAssignment(instructions, input).question, ...largestQuestions(instructions, input)].map(
            (question) => estimateOf(model, question),
          ),
        ),
    },

    async expand(input, call) {
      const { question, demands } = expandAssignment(instructions, input);
      const asked = await askUntilFit(model, question, demands, { call, record: recordFor('expand') });
      if (asked.kind === 'written') return expanded(input, asked.answer, named('expand'), asked.usage);
      if (asked.kind === 'unusable') unusable(asked.failure);
      else log.warn({ model: model.model, end: asked.kind }, 'a prompt is used as its template renders it');
      return asRendered(input, asked);
    },

    async refine(input, call) {
      const task = input.edit ? 'edit' : 'refine';
      const { mendable, beyond } = sorted(input);
      if (mendable.length === 0) throw new CannotRefine(nothingToSay(beyond));
      const { question, demands, warnings } = refineAssignment(instructions, input, mendable);
      const asked = await askUntilFit(model, question, demands, { call, record: recordFor(task) });
      if (asked.kind === 'unusable') unusable(asked.failure);
      // It may have an answer when there is more time.
      if (asked.kind === 'late') throw away(asked.failure, asked.usage);
      if (asked.kind !== 'written') throw cannotRefine(asked);
      const left = beyond.map(({ questionId, reason }) => `Nothing is asked for ${questionId}: ${reason}.`);
      return rewritten(input, asked.answer, named(task), asked.usage, [...warnings, ...left]);
    },
  };
}

/** Failures that a prompt can mend, and those that only parameters or another model can. */
function sorted({ failed }: RefineInput) {
  return {
    mendable: failed.filter(({ check }) => BEYOND_WORDS[check] === undefined),
    beyond: failed.flatMap(({ questionId, check }) => {
      const reason = BEYOND_WORDS[check];
      return reason === undefined ? [] : [{ questionId, reason }];
    }),
  };
}

function expanded(
  { rendering, target }: ExpandInput,
  answer: Answer,
  writer: string,
  usage: readonly Usage[],
): Written {
  const { requiredTerms, forbiddenTerms } = rendering;
  const { negative, leftOut } = withAnswered(rendering.negative, answer, requiredTerms, forbiddenTerms);
  return {
    text: answer.prompt,
    negative: target.negativePrompt ? negative : '',
    writer,
    usage,
    warnings: [
      ...(answer.notes === '' ? [] : [`The writer of the prompt notes: ${answer.notes}`]),
      ...(target.negativePrompt ? roomWarnings(leftOut) : []),
    ],
  };
}

function rewritten(
  { negative, target, requiredTerms, forbiddenTerms }: RefineInput,
  answer: Answer,
  writer: string,
  usage: readonly Usage[],
  warnings: readonly string[],
): Rewritten {
  const common = {
    text: answer.prompt,
    writer,
    usage,
    rationale: answer.notes || 'The writer gave no reason.',
  };
  if (!target.negativePrompt) {
    const unsent =
      negative === '' ? [] : [`The model has no negative prompt: “${negative}” is not sent to it.`];
    return { ...common, negative, warnings: [...warnings, ...unsent] };
  }
  const added = withAnswered(negative, answer, requiredTerms, forbiddenTerms);
  return { ...common, negative: added.negative, warnings: [...warnings, ...roomWarnings(added.leftOut)] };
}

/** The template as it renders, since nothing better could be had; a caller gets an image all the same. */
function asRendered({ plain, target, content }: ExpandInput, asked: NotWritten): Written {
  const used =
    content === undefined ? 'so the brief is used as it is' : 'so the template is used as it renders';
  return {
    text: plain.text,
    negative: plain.negative,
    writer: content === undefined ? 'brief' : 'template',
    usage: asked.usage,
    warnings: [`${whyNot(asked, 'write this prompt')}, ${used}.`, ...warningsOf(plain, target.maxChars)],
  };
}

function cannotRefine(asked: NotWritten): CannotRefine {
  const cause = asked.kind === 'unfit' ? undefined : { cause: asked.failure };
  return new CannotRefine(`${whyNot(asked, 'rewrite this prompt')}.`, asked.usage, cause);
}

function whyNot(asked: NotWritten, what: string): string {
  switch (asked.kind) {
    case 'refused':
      return `The writer refused to ${what}`;
    case 'late':
      return 'The writer gave no answer in the time of the call';
    case 'unusable':
      return 'The writer of prompts cannot be used as the platform has configured it';
    default:
      return `The writer gave nothing in ${asked.asks} ${asked.asks === 1 ? 'ask' : 'asks'} that could be taken (${inBrackets(asked.faults)})`;
  }
}

function inBrackets(faults: readonly string[]): string {
  return faults.join(' ').replace(/\.$/, '').slice(0, 500);
}

function roomWarnings(leftOut: readonly string[]): string[] {
  if (leftOut.length === 0) return [];
  return [`The negative prompt has no room for ${leftOut.map((term) => `“${term}”`).join(', ')}.`];
}
