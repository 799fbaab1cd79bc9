import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, type Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { AnsweredReply, NamedReply } from '../judges/judge.ts';
import { verdictAt } from './verdict.ts';

/** p of the expected answer from which a question passes, where it does not say. */
const DEFAULT_THRESHOLD = 0.5;
/** Half-width of the band about the threshold that is UNCERTAIN, where the question does not say. */
const DEFAULT_MARGIN = 0.1;

/** What the judges' replies to one question come to. */
export interface Combined {
  /** Mean p(yes) over the judges that answered; undefined where none did. */
  readonly pYes: number | undefined;
  /** p of the answer that is hoped for. */
  readonly pExpected: number | undefined;
  readonly verdict: Verdict;
  /** What is wrong, in words; empty for a pass. */
  readonly critique: string;
}

/**
 * The mean over the panel, since a majority vote of unequal judges is worse than the best of them. Without any answer the
 * verdict is JUDGE_ERROR where a judge failed and CANNOT_JUDGE where none is able to answer. Neither counts as a pass.
 */
export function combine(question: Question, replies: readonly NamedReply[]): Combined {
  const answered = replies.flatMap(({ reply }) => (reply.kind === 'answered' ? [reply] : []));
  if (answered.length === 0) return unanswered(replies);
  const pYes = answered.reduce((sum, { pYes }) => sum + pYes, 0) / answered.length;
  const pExpected = expectsNo(question) ? 1 - pYes : pYes;
  const verdict = verdictOf(question, pExpected);
  return {
    pYes,
    pExpected,
    verdict,
    critique: verdict === Verdict.PASS ? '' : critiqueOf(question, answered),
  };
}

function unanswered(replies: readonly NamedReply[]): Combined {
  const failed = replies.find(({ reply }) => reply.kind === 'error');
  const able = replies.find(({ reply }) => reply.kind === 'cannot-judge');
  const critique = (failed ?? able)?.reply.critique ?? 'No judge that is configured answers such a question.';
  return {
    pYes: undefined,
    pExpected: undefined,
    verdict: failed === undefined ? Verdict.CANNOT_JUDGE : Verdict.JUDGE_ERROR,
    critique,
  };
}

/** What p of the expected answer comes to by the question's own threshold and margin. */
export function verdictOf(question: Question, pExpected: number): Verdict {
  return verdictAt(pExpected, thresholdOf(question), marginOf(question));
}

/** The threshold in force. */
export function thresholdOf(question: Question): number {
  return question.passThreshold ?? DEFAULT_THRESHOLD;
}

/** The half-width of the band about the threshold that is UNCERTAIN. */
export function marginOf(question: Question): number {
  return question.uncertainMargin ?? DEFAULT_MARGIN;
}

/** Whether "no" is the good answer. */
export function expectsNo(question: Question): boolean {
  return question.expectedAnswer === ExpectedAnswer.NO;
}

/** The words of the judge that is surest of the fault. Where "no" is hoped for, the fault is what was found. */
function critiqueOf(question: Question, answered: readonly AnsweredReply[]): string {
  const isNo = expectsNo(question);
  const surest = [...answered].sort((a, b) => (isNo ? b.pYes - a.pYes : a.pYes - b.pYes))[0];
  const words = isNo ? surest?.finding : surest?.critique;
  return words || surest?.finding || question.hint;
}
