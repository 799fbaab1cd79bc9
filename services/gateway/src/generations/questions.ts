import {
  type Question,
  type RubricContent,
  RubricContentSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { ValidateRubricResponse } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { CallContext } from '@atelier/rpc';
import { create, type JsonObject } from '@bufbuild/protobuf';
import type { EngineClients } from './ports.ts';
import { calling, type RenameField } from './rebase-error.ts';

/** Where the questions of a generation come from. */
export interface QuestionSources {
  readonly rubric: RubricContent | undefined;
  readonly project: readonly Question[];
  readonly call: readonly Question[];
}

/** What decides what a look at an image costs, besides the questions. */
export interface Looking {
  /** How many reference images there are. */
  readonly referenceImages: number;
  /** Instances of judges that do not look. */
  readonly withoutJudges: readonly string[];
}

/** Whether there is anything to judge by. */
export function hasQuestions({ rubric, project, call }: QuestionSources): boolean {
  return (rubric?.questions.length ?? 0) + project.length + call.length > 0;
}

/**
 * Has all questions together checked and rendered over the brief's variables, so that a question that could not be asked
 * is refused before any image is made. Errors name the call's own questions by their path in the request, and those of
 * project and rubric by where these are named.
 */
export async function checkQuestions(
  clients: Pick<EngineClients, 'rubrics'>,
  sources: QuestionSources,
  variables: JsonObject | undefined,
  { referenceImages, withoutJudges }: Looking,
  ctx: CallContext,
): Promise<ValidateRubricResponse> {
  const questions = [...(sources.rubric?.questions ?? []), ...sources.project, ...sources.call];
  const content = create(RubricContentSchema, { questions, judges: sources.rubric?.judges ?? [] });
  const request = {
    content,
    sampleVariables: variables ?? {},
    referenceImages,
    withoutJudges: [...withoutJudges],
  };
  return calling('evaluator', clients.rubrics.validateRubric(request, ctx), renameQuestion(sources));
}

function renameQuestion({ rubric, project }: QuestionSources): RenameField {
  const ofRubric = rubric?.questions.length ?? 0;
  const ofProject = ofRubric + project.length;
  return (field) => {
    if (field.startsWith('sample_variables['))
      return field.replace('sample_variables', 'generation.brief.variables');
    const match = /^content\.questions\[(\d+)\](.*)$/s.exec(field);
    if (match === null) return field.startsWith('content') ? 'generation.questions' : undefined;
    const index = Number(match[1]);
    const rest = match[2] ?? '';
    if (index >= ofProject) return `generation.questions[${index - ofProject}]${rest}`;
    if (index >= ofRubric) return `project.questions[${index - ofRubric}]${rest}`;
    return `rubric.questions[${index}]${rest}`;
  };
}
