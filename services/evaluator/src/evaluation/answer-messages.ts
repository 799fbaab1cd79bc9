import { type Answer, AnswerSchema, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, type Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import type { NamedReply } from '../judges/judge.ts';
import { combine, expectsNo, marginOf, thresholdOf, verdictOf } from '../scoring/answers.ts';
import { faultScopeOf } from '../scoring/fault-scope.ts';

/** What judges replied to a question, and what that comes to. `silence` is said where nobody replied. */
export function answerTo(question: Question, replies: readonly NamedReply[], silence = ''): Answer {
  const { pYes, pExpected, verdict, critique } = combine(question, replies);
  const measured = replies.flatMap(({ reply }) => (reply.kind === 'error' ? [] : [reply.measured]))[0];
  return create(AnswerSchema, {
    ...askedOf(question),
    ...(pYes === undefined ? {} : { pYes }),
    ...(pExpected === undefined ? {} : { pExpected }),
    verdict,
    critique: replies.length === 0 && silence !== '' ? silence : critique,
    ...(measured === undefined ? {} : { measured: measured as JsonObject }),
    judgeAnswers: replies.map((reply) => judgeAnswer(question, reply)),
    looks: replies.length === 0 ? 0 : 1,
  });
}

/** A question that does not apply, since one that it depends on did not pass. */
export function notApplicable(question: Question): Answer {
  return create(AnswerSchema, { ...askedOf(question), verdict: Verdict.NOT_APPLICABLE });
}

function judgeAnswer(question: Question, { judge, reply }: NamedReply) {
  if (reply.kind === 'error') return { judge, verdict: Verdict.JUDGE_ERROR, critique: reply.critique };
  const measured = reply.measured as JsonObject;
  if (reply.kind === 'cannot-judge') {
    return { judge, verdict: Verdict.CANNOT_JUDGE, critique: reply.critique, measured };
  }
  const { pYes, pYesTwin, source, asks, isKept = false, finding, critique } = reply;
  return {
    judge,
    pYes,
    ...(pYesTwin === undefined ? {} : { pYesTwin }),
    verdict: verdictOf(question, expectsNo(question) ? 1 - pYes : pYes),
    critique: finding || critique,
    measured,
    source,
    asks,
    cached: isKept,
  };
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
    uncertainMargin: marginOf(question),
    faultScope: faultScopeOf(question),
    check: check?.kind ?? '',
    ...(check?.parameters === undefined ? {} : { checkParameters: check.parameters }),
  };
}
