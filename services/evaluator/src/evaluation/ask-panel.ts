import type { Logger } from '@atelier/observability';
import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { JudgeAsk } from '../judges/judge.ts';
import { levels } from '../rubric/graph.ts';
import { answerTo, notApplicable } from './answer-messages.ts';
import { askLevel, type Waiting } from './ask-level.ts';
import type { Panel } from './panel-of.ts';

/** What a panel is asked, and how far. */
export interface PanelAsk extends JudgeAsk {
  /** Ask nothing further down once a required question failed; what was not asked is NOT_APPLICABLE. */
  readonly stopAtFirstFailure: boolean;
}

/**
 * Asks all judges in order of dependence, parents first. A child of a question that failed, or that did not apply itself, is
 * NOT_APPLICABLE: it is not a second fault. A child of a question that nobody could judge is still asked, since the image
 * may well be good.
 */
export async function askPanel(
  { judges, silence }: Panel,
  ask: PanelAsk,
  waiting: Waiting,
  log: Logger,
): Promise<Answer[]> {
  const answers = new Map<string, Answer>();
  let isStopped = false;
  for (const level of levels(ask.questions)) {
    const isOpen = ({ dependsOn }: Question) =>
      !isStopped && dependsOn.every((id) => !isClosed(answers.get(id)));
    const asked = level.filter(isOpen);
    const replies = await askLevel(judges, { ...ask, questions: asked }, waiting, log);
    for (const question of level) {
      const index = asked.indexOf(question);
      const answer = index < 0 ? notApplicable(question) : answerTo(question, replies[index] ?? [], silence);
      answers.set(question.id, answer);
      if (ask.stopAtFirstFailure && answer.required && answer.verdict === Verdict.FAIL) isStopped = true;
    }
  }
  return [...answers.values()];
}

function isClosed(parent: Answer | undefined): boolean {
  return parent?.verdict === Verdict.FAIL || parent?.verdict === Verdict.NOT_APPLICABLE;
}
