import type { FailedQuestion, PromptAttempt } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { sentenceKey } from '../text/sentences.ts';
import { presentTerms } from '../text/terms.ts';
import { type BeyondWords, type Instruction, instructionOf, STRENGTHS, worded } from './instruction.ts';
import { addNegatives } from './negatives.ts';

/** What a refinement starts from. */
export interface Refinement {
  /** The prompt of the best so far. */
  readonly text: string;
  readonly negative: string;
  readonly failed: readonly FailedQuestion[];
  /** Earlier attempts, oldest first. */
  readonly history: readonly PromptAttempt[];
  readonly requiredTerms: readonly string[];
  readonly forbiddenTerms: readonly string[];
  /** Longest text in characters; 0 for no limit. */
  readonly maxChars: number;
  /** Whether the model has a negative prompt of its own. */
  readonly negativePrompt: boolean;
}

/** What came of it, or why nothing could. */
export type Refined =
  | {
      readonly text: string;
      readonly negative: string;
      readonly rationale: string;
      /** What the caller should know of it: what was left out, shortened or added. */
      readonly warnings: readonly string[];
      readonly refused?: undefined;
    }
  | { readonly refused: string };

/** A failed question that words can mend, with how strongly they are put. */
export interface Step {
  readonly instruction: Instruction;
  readonly failed: FailedQuestion;
  /** Index into the strengths. */
  strength: number;
}

/** What is to be said about the failed questions. */
export interface Steps {
  /** One for each topic, none with a forbidden term. */
  readonly steps: readonly Step[];
  /** Failures that no words can mend. */
  readonly beyond: readonly BeyondWords[];
  /** What is not asked for, or not in full, though words could have mended it. */
  readonly warnings: readonly string[];
}

/** Chooses what to say. A question that failed again is told more strongly than the time before. */
export function stepsFor(refinement: Refinement): Steps {
  const found = refinement.failed.map((each) => ({ failed: each, result: instructionOf(each) }));
  const beyond = found.map(({ result }) => result).filter(isBeyond);
  const possible = found.flatMap(({ failed: each, result }) =>
    isBeyond(result) ? [] : [{ instruction: result, failed: each, strength: strengthOf(each, refinement) }],
  );
  const chosen = oneForEachTopic(possible);
  const steps = chosen.filter(({ instruction }) => isSayable(instruction, refinement.forbiddenTerms));
  return { steps, beyond, warnings: unsaidWarnings({ possible, chosen, steps }) };
}

/** Whether a failure cannot be mended by words. */
export function isBeyond(result: Instruction | BeyondWords): result is BeyondWords {
  return 'reason' in result;
}

/** The strength at an index, the last for what is beyond. */
export function strengthAt(index: number) {
  return STRENGTHS[Math.min(index, STRENGTHS.length - 1)] ?? 'plain';
}

/** Puts the weakest of the steps more strongly; false where none can be. Of equals, the one whose p is lowest. */
export function strengthen(steps: readonly Step[]): boolean {
  const [weakest] = steps
    .filter(({ strength }) => strength < STRENGTHS.length - 1)
    .sort((a, b) => a.strength - b.strength || a.failed.p - b.failed.p);
  if (weakest === undefined) return false;
  weakest.strength += 1;
  return true;
}

/** Prompts that were there before, in the form in which they are compared. */
export function earlierKeys({ text, history }: Pick<Refinement, 'text' | 'history'>): ReadonlySet<string> {
  return new Set([text, ...history.map(({ prompt }) => prompt?.text ?? '')].map(sentenceKey));
}

/** The negative prompt with what the steps want avoided. */
export function negativeOf(
  { negative, negativePrompt, requiredTerms, forbiddenTerms }: Refinement,
  steps: readonly Step[],
): { readonly negative: string; readonly warnings: readonly string[] } {
  if (!negativePrompt) {
    const warnings =
      negative === '' ? [] : [`The model has no negative prompt: “${negative}” is not sent to it.`];
    return { negative, warnings };
  }
  const avoid = steps.flatMap(({ instruction }) => instruction.avoid);
  const added = addNegatives(negative, avoid, [...requiredTerms, ...forbiddenTerms]);
  const warnings =
    added.leftOut.length === 0
      ? []
      : [`The negative prompt has no room for ${added.leftOut.map((term) => `“${term}”`).join(', ')}.`];
  return { negative: added.negative, warnings };
}

/** Why nothing is said. */
export function nothingToSay(beyond: readonly BeyondWords[]): string {
  if (beyond.length === 0) return 'What would mend it is among the forbidden terms.';
  const reasons = beyond.map(({ questionId, reason }) => `${questionId}: ${reason}`);
  return `No prompt can mend what failed (${reasons.join('; ')}).`;
}

const MANNER = [
  'asked for',
  'asked with more weight for',
  'asked at the front, in other words, for',
  'asked before all else for',
];

/** What is said about each failed question and why, one to a line. */
export function rationaleOf(steps: readonly Step[], beyond: readonly BeyondWords[]): string {
  const done = steps.map(({ instruction, failed, strength }) => {
    const [found = ''] = failed.critique.split('\n');
    const because = found === '' ? '' : ` because: ${found.slice(0, 200)}`;
    const said = worded(instruction, strengthAt(strength));
    return `${failed.questionId}: ${MANNER[strength] ?? MANNER.at(-1)} "${said}"${because}`;
  });
  const left = beyond.map(({ questionId, reason }) => `${questionId}: left, since ${reason}`);
  return [...done, ...left].join('\n');
}

/** How often different prompts failed the question before the one that is mended now. */
function strengthOf({ questionId }: FailedQuestion, { history, text }: Refinement): number {
  const failing = history.filter(({ failedQuestionIds }) => failedQuestionIds.includes(questionId));
  const texts = new Set([text, ...failing.map(({ prompt }) => prompt?.text ?? '')].map(sentenceKey));
  return Math.min(texts.size, STRENGTHS.length) - 1;
}

/** Of instructions about the same, the one that has failed most; of equals, the one whose p is lowest. */
function oneForEachTopic(steps: readonly Step[]): Step[] {
  const byTopic = new Map<string, Step>();
  for (const step of steps) {
    const rival = byTopic.get(step.instruction.topic);
    const isWorse =
      rival !== undefined &&
      (step.strength > rival.strength ||
        (step.strength === rival.strength && step.failed.p < rival.failed.p));
    if (rival === undefined || isWorse) byTopic.set(step.instruction.topic, step);
  }
  return [...byTopic.values()];
}

/** An instruction with a forbidden term is not given, however much it would help. */
function isSayable(instruction: Instruction, forbidden: readonly string[]): boolean {
  return STRENGTHS.every((strength) => presentTerms(worded(instruction, strength), forbidden).length === 0);
}

function unsaidWarnings(of: {
  readonly possible: readonly Step[];
  readonly chosen: readonly Step[];
  readonly steps: readonly Step[];
}): string[] {
  const { possible, chosen, steps } = of;
  const rivals = possible.flatMap((step) => {
    const { topic, wordings } = step.instruction;
    const winner = chosen.find(({ instruction }) => instruction.topic === topic);
    if (winner === undefined || winner === step) return [];
    if (winner.instruction.wordings.plain === wordings.plain) return [];
    const { questionId } = winner.failed;
    return [
      `Nothing is asked for ${step.failed.questionId}: ${questionId} is about the same and goes first.`,
    ];
  });
  const forbidden = chosen
    .filter((step) => !steps.includes(step))
    .map(
      ({ failed }) => `Nothing is asked for ${failed.questionId}: the wording would hold a forbidden term.`,
    );
  const shortened = steps.flatMap(({ failed, instruction }) =>
    instruction.shortened === undefined
      ? []
      : [`Of ${failed.questionId} only ${instruction.shortened} is in the prompt.`],
  );
  return [...rivals, ...forbidden, ...shortened];
}
