import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Organisation } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { type CallOptions, type Client, type FieldViolation, invalidArgument } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { calling, prefixed } from '../generations/rebase-error.ts';
import { tidyTerms } from './forbidden-terms.ts';
import { ORGANISATION_PREFIX } from './reserved-ids.ts';

type Rubrics = Pick<Client<typeof RubricService>, 'validateRubric'>;

/** Rules that may be written, and what still looks wrong with them. */
export interface CheckedRules {
  readonly rules: Organisation;
  readonly warnings: readonly string[];
}

/** Checks rules whole. Throws INVALID_ARGUMENT naming every offending field as one of `organisation`. */
export async function checkRules(
  organisation: Organisation,
  rubrics: Rubrics,
  call: CallOptions,
): Promise<CheckedRules> {
  const { questions } = organisation;
  const { terms, violations } = tidyTerms(organisation.forbiddenTerms, 'organisation.forbidden_terms');
  const wrong = [...violations, ...foreignIds(questions)];
  if (wrong.length > 0) throw invalidArgument(wrong);
  const warnings = questions.length === 0 ? [] : await checkQuestions(questions, rubrics, call);
  return { rules: { ...organisation, forbiddenTerms: terms }, warnings };
}

function foreignIds(questions: readonly Question[]): FieldViolation[] {
  return questions.flatMap(({ id }, index) =>
    id.startsWith(ORGANISATION_PREFIX) && id.length > ORGANISATION_PREFIX.length
      ? []
      : [
          {
            field: `organisation.questions[${index}].id`,
            description: `must begin with ${ORGANISATION_PREFIX} and have a name after it`,
          },
        ],
  );
}

/** The evaluator judges questions. They are rendered over nothing, as they will be for every brief. */
async function checkQuestions(
  questions: readonly Question[],
  rubrics: Rubrics,
  call: CallOptions,
): Promise<readonly string[]> {
  const request = { content: { questions: [...questions] }, organisation: true };
  const ask = (sample: { readonly sampleVariables?: JsonObject }) =>
    calling('evaluator', rubrics.validateRubric({ ...request, ...sample }, call), (field) =>
      prefixed('organisation', 'questions')(field.replace(/^content\./, '')),
    );
  const { usedVariables } = await ask({});
  if (usedVariables.length > 0) throw await variablesUsed(questions, rubrics, call);
  return (await ask({ sampleVariables: {} })).warnings;
}

/** Each question by itself, since the evaluator tells of many together which variables are used, and not where. */
async function variablesUsed(questions: readonly Question[], rubrics: Rubrics, call: CallOptions) {
  const answers = await Promise.all(
    questions.map((question) => {
      const content = { questions: [{ ...question, dependsOn: [] }] };
      return rubrics.validateRubric({ content, organisation: true }, call);
    }),
  );
  const violations = answers.flatMap(({ usedVariables }, index): FieldViolation[] =>
    usedVariables.length === 0
      ? []
      : [
          {
            field: `organisation.questions[${index}]`,
            description: `uses ${usedVariables.join(', ')}: the organisation's questions are for every brief, and use no variables`,
          },
        ],
  );
  return invalidArgument(violations, { reason: 'VARIABLE_INVALID' });
}
