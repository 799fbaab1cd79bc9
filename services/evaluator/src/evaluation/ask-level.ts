import type { Logger } from '@atelier/observability';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { ImageError } from '../checks/index.ts';
import {
  canAnswer,
  canRead,
  type Judge,
  type JudgeAsk,
  type JudgeReply,
  judgeName,
  type NamedReply,
} from '../judges/judge.ts';
import { combine } from '../scoring/answers.ts';

/** Replies to each question, in the order of the questions. */
export type Replies = readonly (readonly NamedReply[])[];

/** Two ends of patience: that of the caller, and that of the evaluation, which comes a little earlier. */
export interface Waiting {
  /** Aborted when nobody waits for the evaluation any more. */
  readonly signal: AbortSignal;
  /** Aborted when the judges' time is over. */
  readonly patience: AbortSignal;
}

/**
 * Asks the panel questions that do not depend on each other. What is measured comes first, since it costs nothing. Then the
 * vision models answer the free questions, and read the texts that no check could settle.
 */
export async function askLevel(
  judges: readonly Judge[],
  ask: JudgeAsk,
  waiting: Waiting,
  log: Logger,
): Promise<Replies> {
  const { questions } = ask;
  const isChecked = ({ check }: Question) => check !== undefined;
  const measured = await replyTo(
    judges,
    ask,
    (judge, question) => isChecked(question) && canAnswer(judge, question),
    waiting,
    log,
  );
  const unsettled = new Set(
    questions.filter((question, index) => isUnsettled(question, measured[index] ?? [])),
  );
  const seen = await replyTo(
    judges,
    ask,
    (judge, question) =>
      isChecked(question) ? unsettled.has(question) && canRead(judge, question) : canAnswer(judge, question),
    waiting,
    log,
  );
  return questions.map((_, index) => [...(measured[index] ?? []), ...(seen[index] ?? [])]);
}

/** Whether a check left a question open. One that failed to run did so for reasons of this machine: that is told as it is. */
function isUnsettled(question: Question, replies: readonly NamedReply[]): boolean {
  const { verdict } = combine(question, replies);
  return verdict === Verdict.UNCERTAIN || verdict === Verdict.CANNOT_JUDGE;
}

async function replyTo(
  judges: readonly Judge[],
  ask: JudgeAsk,
  isFor: (judge: Judge, question: Question) => boolean,
  waiting: Waiting,
  log: Logger,
): Promise<Replies> {
  const all = await Promise.all(
    judges.map(async (judge) => {
      const questions = ask.questions.filter((question) => isFor(judge, question));
      const replies =
        questions.length === 0 ? [] : await repliesOf(judge, { ...ask, questions }, waiting, log);
      return { judge: judgeName(judge), byQuestion: new Map(questions.map((one, at) => [one, replies[at]])) };
    }),
  );
  return ask.questions.map((question) =>
    all.flatMap(({ judge, byQuestion }) => {
      if (!byQuestion.has(question)) return [];
      return [{ judge, reply: byQuestion.get(question) ?? LEFT_OUT }];
    }),
  );
}

const LEFT_OUT: JudgeReply = { kind: 'error', critique: 'The judge left the question out.' };

/** A judge that fails has answered nothing well; it does not fail the evaluation. */
async function repliesOf(
  judge: Judge,
  ask: JudgeAsk,
  { signal, patience }: Waiting,
  log: Logger,
): Promise<readonly JudgeReply[]> {
  const failed = (critique: string) => ask.questions.map((): JudgeReply => ({ kind: 'error', critique }));
  try {
    const replies = await judge.answer(ask, patience);
    signal.throwIfAborted();
    return replies;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ImageError) throw error;
    if (patience.aborted) return failed(`The judge ${judge.instance} did not answer in time.`);
    log.warn({ err: error, judge: judgeName(judge) }, 'a judge failed');
    return failed(`The judge ${judge.instance} failed.`);
  }
}
