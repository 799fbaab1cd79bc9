import type { Logger } from '@atelier/observability';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Answer, AnswerSchema, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, type Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { ImageError } from '../checks/index.ts';
import {
  canAnswer,
  type Judge,
  type JudgeAnswers,
  type JudgeAsk,
  judgeName,
  type NamedReply,
} from '../judges/judge.ts';
import { levels } from '../rubric/graph.ts';
import { combine, thresholdOf, verdictOf } from '../scoring/answers.ts';

/** What a panel is asked, and how far. */
export interface PanelAsk extends JudgeAsk {
  /** Ask nothing further down once a required question failed; what was not asked is NOT_APPLICABLE. */
  readonly stopAtFirstFailure: boolean;
}

/** Answers to all questions, parents first. */
export interface PanelAnswers {
  readonly answers: Answer[];
  readonly usage: Usage[];
}

/**
 * Asks all judges in order of dependence. A child of a question that failed, or that did not apply itself, is
 * NOT_APPLICABLE: it is not a second fault. A child of a question that nobody could judge is still asked, since the image
 * may well be good.
 */
export async function askPanel(
  judges: readonly Judge[],
  ask: PanelAsk,
  signal: AbortSignal,
  log: Logger,
): Promise<PanelAnswers> {
  const answers = new Map<string, Answer>();
  const usage: Usage[] = [];
  let isStopped = false;
  for (const level of levels(ask.questions)) {
    const isOpen = ({ dependsOn }: Question) =>
      !isStopped && dependsOn.every((id) => !isClosed(answers.get(id)));
    const asked = level.filter(isOpen);
    const replies = await replyTo(judges, { ...ask, questions: asked }, signal, log);
    usage.push(...replies.usage);
    for (const question of level) {
      const index = asked.indexOf(question);
      const answer =
        index < 0 ? notApplicable(question) : answerTo(question, replies.byQuestion[index] ?? []);
      answers.set(question.id, answer);
      if (ask.stopAtFirstFailure && answer.required && answer.verdict === Verdict.FAIL) isStopped = true;
    }
  }
  return { answers: [...answers.values()], usage };
}

function isClosed(parent: Answer | undefined): boolean {
  return parent?.verdict === Verdict.FAIL || parent?.verdict === Verdict.NOT_APPLICABLE;
}

interface Replies {
  readonly byQuestion: readonly NamedReply[][];
  readonly usage: readonly Usage[];
}

async function replyTo(
  judges: readonly Judge[],
  ask: JudgeAsk,
  signal: AbortSignal,
  log: Logger,
): Promise<Replies> {
  const byQuestion: NamedReply[][] = ask.questions.map(() => []);
  const usage: Usage[] = [];
  await Promise.all(
    judges.map(async (judge) => {
      const able = ask.questions.flatMap((question, index) => (canAnswer(judge, question) ? [index] : []));
      if (able.length === 0) return;
      const questions = able.map((index) => ask.questions[index] as Question);
      const answers = await answersOf(judge, { ...ask, questions }, signal, log);
      usage.push(...answers.usage);
      for (const [position, index] of able.entries()) {
        const reply = answers.replies[position] ?? {
          kind: 'error',
          critique: 'The judge left the question out.',
        };
        byQuestion[index]?.push({ judge: judgeName(judge), reply });
      }
    }),
  );
  return { byQuestion, usage };
}

/** A judge that fails has answered nothing well; it does not fail the evaluation. */
async function answersOf(
  judge: Judge,
  ask: JudgeAsk,
  signal: AbortSignal,
  log: Logger,
): Promise<JudgeAnswers> {
  try {
    return await judge.answer(ask, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ImageError) throw error;
    log.warn({ err: error, judge: judgeName(judge) }, 'a judge failed');
    const critique = `The judge ${judge.instance} failed.`;
    return { replies: ask.questions.map(() => ({ kind: 'error', critique })), usage: [] };
  }
}

function answerTo(question: Question, replies: readonly NamedReply[]): Answer {
  const { pYes, pExpected, verdict, critique } = combine(question, replies);
  const measured = replies.flatMap(({ reply }) => (reply.kind === 'error' ? [] : [reply.measured]))[0];
  return create(AnswerSchema, {
    ...askedOf(question),
    ...(pYes === undefined ? {} : { pYes }),
    ...(pExpected === undefined ? {} : { pExpected }),
    verdict,
    critique,
    ...(measured === undefined ? {} : { measured: measured as JsonObject }),
    judgeAnswers: replies.map((reply) => judgeAnswer(question, reply)),
  });
}

function judgeAnswer(question: Question, { judge, reply }: NamedReply) {
  if (reply.kind === 'error') return { judge, verdict: Verdict.JUDGE_ERROR, critique: reply.critique };
  const measured = reply.measured as JsonObject;
  if (reply.kind === 'cannot-judge') {
    return { judge, verdict: Verdict.CANNOT_JUDGE, critique: reply.critique, measured };
  }
  const isNo = question.expectedAnswer === ExpectedAnswer.NO;
  const verdict = verdictOf(question, isNo ? 1 - reply.pYes : reply.pYes);
  return { judge, pYes: reply.pYes, verdict, critique: reply.finding || reply.critique, measured };
}

function notApplicable(question: Question): Answer {
  return create(AnswerSchema, { ...askedOf(question), verdict: Verdict.NOT_APPLICABLE });
}

/** What an answer repeats of its question, so that a record can be read by itself. */
function askedOf(question: Question) {
  const { check } = question;
  return {
    questionId: question.id,
    text: question.text,
    expectedAnswer: question.expectedAnswer || ExpectedAnswer.YES,
    required: question.required,
    weight: question.weight || 1,
    category: question.category,
    dependsOn: question.dependsOn,
    hint: question.hint,
    passThreshold: thresholdOf(question),
    check: check?.kind ?? '',
    ...(check?.parameters === undefined ? {} : { checkParameters: check.parameters }),
  };
}
