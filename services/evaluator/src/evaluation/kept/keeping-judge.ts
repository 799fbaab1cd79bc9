import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  type AnsweredReply,
  type Judge,
  type JudgeAsk,
  type JudgeReply,
  judgeName,
} from '../../judges/judge.ts';
import { type KeptAnswers, keyOf } from './kept-answers.ts';

/**
 * The same judge, asked only what it did not answer before. Its answers are kept, failures are not, and a second look neither
 * uses nor keeps anything.
 */
export function keepingJudge(judge: Judge, kept: KeptAnswers): Judge {
  const answerer = { judge: judgeName(judge), manner: judge.manner ?? '' };
  const answer = async (ask: JudgeAsk, signal: AbortSignal): Promise<readonly JudgeReply[]> => {
    if (ask.isSecondLook) return judge.answer(ask, signal);
    const keys = ask.questions.map((question) => keyOf(ask, question, answerer));
    const found = await kept.find(keys, signal);
    const isOpen = (_: Question, index: number) => found[index] === undefined;
    const open = ask.questions.filter(isOpen);
    const fresh = open.length === 0 ? [] : await judge.answer({ ...ask, questions: open }, signal);
    const toKeep = new Map<string, AnsweredReply>();
    const replies = ask.questions.map((question, index): JudgeReply => {
      const present = found[index];
      if (present !== undefined) return present;
      const reply = fresh[open.indexOf(question)];
      if (reply?.kind === 'answered') toKeep.set(keys[index] as string, reply);
      return reply ?? { kind: 'error', critique: 'The judge left the question out.' };
    });
    await kept.keep(toKeep);
    return replies;
  };
  return { ...judge, answer };
}
