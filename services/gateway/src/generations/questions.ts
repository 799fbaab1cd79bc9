import {
  type Question,
  type RubricContent,
  RubricContentSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { ValidateRubricResponse } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { type CallContext, invalidArgument } from '@atelier/rpc';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { reservedIds } from '../organisation/reserved-ids.ts';
import type { EngineClients } from './ports.ts';
import { calling, type RenameField } from './rebase-error.ts';

/** Most questions that are asked about an image, by the contract. */
const MAX_QUESTIONS = 100;

/** Where the questions of a generation come from. */
export interface QuestionSources {
  readonly rubric: RubricContent | undefined;
  readonly project: readonly Question[];
  readonly call: readonly Question[];
  /** Those that hold for every team. */
  readonly organisation: readonly Question[];
}

/** The lists in the order in which they are asked, by the place that errors name. */
function lists({ rubric, project, call, organisation }: QuestionSources) {
  return [
    { path: 'rubric.questions', questions: rubric?.questions ?? [] },
    { path: 'project.questions', questions: project },
    { path: 'generation.questions', questions: call },
    { path: 'organisation.questions', questions: organisation },
  ] as const;
}

/** What decides what a look at an image costs, besides the questions. */
export interface Looking {
  /** How many reference images there are. */
  readonly referenceImages: number;
  /** Instances of judges that look; the rubric's where nothing is said. */
  readonly judges?: readonly string[] | undefined;
  /** Instances of judges that do not look. */
  readonly withoutJudges?: readonly string[] | undefined;
}

/** Whether there is anything to judge by. */
export function hasQuestions(sources: QuestionSources): boolean {
  return lists(sources).some(({ questions }) => questions.length > 0);
}

/** By id, who asks what is not the rubric's: `projects/{id}`, `call` or `organisation`. */
export function askersOf(sources: QuestionSources, project: string): Record<string, string> {
  const named = (questions: readonly Question[], asker: string) => questions.map(({ id }) => [id, asker]);
  return Object.fromEntries([
    ...named(sources.project, project),
    ...named(sources.call, 'call'),
    ...named(sources.organisation, 'organisation'),
  ]);
}

/**
 * Has all questions together checked and rendered over the brief's variables, so that a question that could not be asked
 * is refused before any image is made. Errors name the call's own questions by their path in the request, and those of
 * project, rubric and organisation by where these are named. What a team asks can neither take the place of the
 * organisation's questions nor hang on them.
 */
export async function checkQuestions(
  clients: Pick<EngineClients, 'rubrics'>,
  sources: QuestionSources,
  variables: JsonObject | undefined,
  { referenceImages, judges = sources.rubric?.judges ?? [], withoutJudges = [] }: Looking,
  ctx: CallContext,
): Promise<ValidateRubricResponse> {
  const all = lists(sources);
  const [, , , organisation] = all;
  const reserved = all
    .filter((list) => list !== organisation)
    .flatMap(({ questions, path }) => reservedIds(questions, path));
  if (reserved.length > 0) throw invalidArgument(reserved);
  const questions = all.flatMap((list) => [...list.questions]);
  if (questions.length > MAX_QUESTIONS) {
    const counts = all.map((list) => `${list.path.split('.')[0]} ${list.questions.length}`).join(', ');
    throw invalidArgument(
      'generation.questions',
      `${questions.length} questions are asked together (${counts}); at most ${MAX_QUESTIONS} can be`,
    );
  }
  const content = create(RubricContentSchema, { questions, judges: [...judges] });
  const request = {
    content,
    sampleVariables: variables ?? {},
    referenceImages,
    withoutJudges: [...withoutJudges],
    organisation: true,
  };
  return calling('evaluator', clients.rubrics.validateRubric(request, ctx), renameQuestion(sources));
}

function renameQuestion(sources: QuestionSources): RenameField {
  const places = lists(sources).flatMap(({ path, questions }) =>
    questions.map((_, index) => `${path}[${index}]`),
  );
  return (field) => {
    if (field.startsWith('sample_variables['))
      return field.replace('sample_variables', 'generation.brief.variables');
    if (field.startsWith('content.judges')) return field.replace('content', 'rubric');
    const match = /^content\.questions\[(\d+)\](.*)$/s.exec(field);
    const place = places[Number(match?.[1] ?? -1)];
    if (match === null || place === undefined)
      return field.startsWith('content') ? 'generation.questions' : undefined;
    return `${place}${match[2] ?? ''}`;
  };
}
