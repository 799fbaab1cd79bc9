import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { sumOfBounds } from '../judges/costs.ts';
import { canAnswer, canRead, type ImageSize, type Judge } from '../judges/judge.ts';
import { levels } from '../rubric/graph.ts';

/** What is looked at. */
export interface EstimatedLook {
  readonly questions: readonly Question[];
  readonly image: ImageSize;
  readonly references: readonly ImageSize[];
}

/** Upper bound of what one look at an image costs: every question asked of every judge that may be asked it. */
export function estimateLook(judges: readonly Judge[], { questions, ...sizes }: EstimatedLook): Cost {
  const bounds = levels(questions).flatMap((level) =>
    judges.flatMap((judge) => {
      const mayBeAsked = (question: Question) => canAnswer(judge, question) || canRead(judge, question);
      const asked = level.filter(mayBeAsked);
      return asked.length === 0 ? [] : [judge.estimate({ ...sizes, questions: asked })];
    }),
  );
  return sumOfBounds(bounds);
}
