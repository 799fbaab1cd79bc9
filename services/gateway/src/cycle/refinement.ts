import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  type FailedQuestion,
  FailedQuestionSchema,
  type PromptAttempt,
  PromptAttemptSchema,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { notPassed } from './ranking.ts';
import { bestOf, rootFailures } from './roots.ts';
import {
  type CycleState,
  findCandidate,
  isControl,
  type PromptWanted,
  roundOfBase,
  writtenRound,
} from './state.ts';

/** Limits of the contract of RefinePrompt. */
const MAX_HISTORY = 32;
const MAX_CRITIQUE = 4096;

/** What the prompt writer is told. */
export interface Refinement {
  /** The prompt of the best so far; for an image that was edited, the one that its edits go back to. */
  readonly prompt: Prompt;
  /** Whether the image is to be edited, so that an instruction is wanted. */
  readonly edit: boolean;
  readonly failed: FailedQuestion[];
  readonly mustKeep: string[];
  readonly history: PromptAttempt[];
  /** What the writer is not told in full. */
  readonly warnings: string[];
}

/**
 * What a refinement starts from: the best so far with its root failures, what passes and must keep passing, and every
 * earlier prompt with what it failed; earlier instructions in its place, where the image is to be edited. Undefined where
 * there is no image to start from.
 */
export function refinement(state: CycleState, wanted: Pick<PromptWanted, 'edits'>): Refinement | undefined {
  const base = findCandidate(state, wanted.edits ?? state.base);
  const round = roundOfBase(state);
  if (base === undefined || round === undefined) return undefined;
  const roots = rootFailures(base);
  const edit = wanted.edits !== undefined;
  return {
    prompt: writtenRound(state, round).prompt,
    edit,
    failed: roots.map(failedQuestion),
    mustKeep: (base.judgement?.answers ?? [])
      .filter(({ verdict }) => verdict === Verdict.PASS)
      .map(({ text, expectedAnswer }) =>
        expectedAnswer === ExpectedAnswer.NO ? `${text} (the answer must stay no)` : text,
      ),
    history: state.rounds
      .filter((each) => !isControl(each) && (each.edits !== undefined) === edit)
      .map((each) => {
        const best = bestOf(each);
        const failedQuestionIds =
          best === undefined ? [] : notPassed(best).map((answer) => answer.questionId);
        return create(PromptAttemptSchema, { prompt: each.prompt, failedQuestionIds });
      })
      .slice(-MAX_HISTORY),
    warnings: roots
      .filter((answer) => answer.critique.length > roomForCritique(answer))
      .map(
        (answer) =>
          `The writer is told only the first ${roomForCritique(answer)} characters of what was found on ${answer.questionId}.`,
      ),
  };
}

/** An author's hint is worth more than the end of a long finding. */
function roomForCritique({ hint }: Answer): number {
  return hint === '' ? MAX_CRITIQUE : Math.max(0, MAX_CRITIQUE - hint.length - 1);
}

function failedQuestion(answer: Answer): FailedQuestion {
  const found = answer.critique.slice(0, roomForCritique(answer));
  const critique = answer.hint === '' ? found : `${found}\n${answer.hint}`.trim();
  return create(FailedQuestionSchema, {
    questionId: answer.questionId,
    question: answer.text,
    critique: critique.slice(0, MAX_CRITIQUE),
    p: answer.pExpected ?? 0,
    expectsNo: answer.expectedAnswer === ExpectedAnswer.NO,
    check: answer.check,
    ...(answer.checkParameters !== undefined && { checkParameters: answer.checkParameters }),
  });
}
