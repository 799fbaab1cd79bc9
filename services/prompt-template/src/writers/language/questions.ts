import type { FailedQuestion } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { earlierKeys } from '../../refine/steps.ts';
import { requirementsOf } from '../../template/requirements.ts';
import { length } from '../../text/compose.ts';
import type { ExpandInput, RefineInput, Target } from '../prompt-writer.ts';
import { BOUNDS } from './bounds.ts';
import type { Demands } from './faults.ts';
import type { Instructions, Task } from './instructions.ts';
import { baseMaterial, expandMaterial, type Job } from './material.ts';
import { refineMaterial } from './refine-material.ts';
import { filler, type Question } from './request.ts';

/** The instructions for each task. */
export type InstructionSet = Readonly<Record<Task, Instructions>>;

/** What to ask, and what the answer must be like. */
export interface Assignment {
  readonly question: Question;
  readonly demands: Demands;
  /** What of the job the model is not told. */
  readonly warnings: readonly string[];
}

/**
 * Most characters of a prompt that is written where the model's own limit is higher: more than good prompts have, few enough
 * for a small language model. A template that says more of itself may have half as much again.
 */
const MAX_WRITTEN = 1_500;
const MORE_THAN_RENDERED = 1.5;

/** Most characters of an instruction to edit a picture. */
const MAX_EDIT = 800;

/** What to ask for an expansion. */
export function expandAssignment(instructions: InstructionSet, input: ExpandInput): Assignment {
  const job = jobOf(input, input.plain.text);
  const { maxChars, requiredTerms, requirements } = job;
  const { forbiddenTerms } = input.rendering;
  return {
    question: { instructions: instructions.expand, material: expandMaterial(job, input), maxChars },
    demands: { maxChars, requiredTerms, forbiddenTerms, requirements, earlier: new Set() },
    warnings: [],
  };
}

/** What to ask for a rewrite or an instruction to edit. `failed` are the failures that words can mend. */
export function refineAssignment(
  instructions: InstructionSet,
  input: RefineInput,
  failed: readonly FailedQuestion[],
): Assignment {
  const { edit, forbiddenTerms } = input;
  const job = edit ? editJob(jobOf(input, '')) : rewriteJob(jobOf(input, input.plain?.text ?? ''), input);
  const { maxChars, requiredTerms, requirements } = job;
  const { material, warnings } = refineMaterial(job, input, failed);
  return {
    question: { instructions: instructions[edit ? 'edit' : 'refine'], material, maxChars },
    demands: { maxChars, requiredTerms, forbiddenTerms, requirements, earlier: earlierKeys(input) },
    warnings,
  };
}

/** The largest questions that a rewrite and an edit for this brief could be, whatever fails. */
export function largestQuestions(instructions: InstructionSet, input: ExpandInput): Question[] {
  const job = jobOf(input, input.plain.text);
  return [job, editJob(job)].map((each) => {
    const task = each === job ? 'refine' : 'edit';
    const material = {
      ...baseMaterial(task, each),
      // A character has at most four bytes. The picture may have been made with a prompt, whatever is asked for next.
      current: {
        prompt: filler(4 * job.maxChars),
        negative_prompt: filler(4 * BOUNDS.negativeChars),
      },
      failed: filler(BOUNDS.failedBytes),
      must_keep: filler(BOUNDS.keepBytes),
      earlier_attempts: filler(BOUNDS.attemptBytes),
    };
    return { instructions: instructions[task], material, maxChars: each.maxChars };
  });
}

/** `plain` is the prompt as the template renders it for the target. */
function jobOf(input: ExpandInput | RefineInput, plain: string): Job {
  const { brief, rendering, content, target } = input;
  return {
    brief,
    rendering,
    content,
    target,
    requirements: requirementsOf(rendering, content?.variables ?? [], plain),
    requiredTerms: 'requiredTerms' in input ? input.requiredTerms : rendering.requiredTerms,
    maxChars: writtenChars(target, plain),
  };
}

/** A prompt that was written elsewhere may be longer than what is written here. */
function rewriteJob(job: Job, { text, target }: RefineInput): Job {
  return { ...job, maxChars: Math.min(target.maxChars, Math.max(job.maxChars, length(text))) };
}

/** An instruction repeats nothing of the brief: the picture has it. */
function editJob(job: Job): Job {
  const maxChars = Math.min(job.target.maxChars, MAX_EDIT);
  return { ...job, requirements: [], requiredTerms: [], maxChars };
}

function writtenChars({ maxChars }: Target, plain: string): number {
  return Math.min(maxChars, Math.max(MAX_WRITTEN, Math.ceil(MORE_THAN_RENDERED * length(plain))));
}
