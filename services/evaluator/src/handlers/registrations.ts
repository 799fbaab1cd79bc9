import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { implement, type Registration } from '@atelier/rpc';
import type { EvaluatorContext } from '../context.ts';
import { compareImages } from './evaluation/compare-images.ts';
import { draftQuestions } from './evaluation/draft-questions.ts';
import { evaluateImage } from './evaluation/evaluate-image.ts';
import { listJudges } from './evaluation/list-judges.ts';
import { addRubricVersion } from './rubric/add-rubric-version.ts';
import { archiveRubric } from './rubric/archive-rubric.ts';
import { createRubric } from './rubric/create-rubric.ts';
import { getRubric } from './rubric/get-rubric.ts';
import { listRubricVersions } from './rubric/list-rubric-versions.ts';
import { listRubrics } from './rubric/list-rubrics.ts';
import { setRubricAlias } from './rubric/set-rubric-alias.ts';
import { updateRubric } from './rubric/update-rubric.ts';
import { validateRubric } from './rubric/validate-rubric.ts';

/** Everything that the evaluator serves. */
export function registrations(context: EvaluatorContext): readonly Registration[] {
  return [
    implement(RubricService, {
      createRubric: createRubric(context),
      addRubricVersion: addRubricVersion(context),
      getRubric: getRubric(context),
      listRubrics: listRubrics(context),
      listRubricVersions: listRubricVersions(context),
      setRubricAlias: setRubricAlias(context),
      updateRubric: updateRubric(context),
      archiveRubric: archiveRubric(context),
      validateRubric: validateRubric(context),
    }),
    implement(EvaluationService, {
      evaluateImage: evaluateImage(context),
      compareImages: compareImages(context),
      draftQuestions: draftQuestions(context),
      listJudges: listJudges(context),
    }),
  ];
}
