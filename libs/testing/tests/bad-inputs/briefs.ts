import { asking, questions } from './asking.ts';
import { type Row, sharp } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const _CONTRADICTORY = 'INVALID_ARGUMENT CONTRADICTORY_FIELDS';
const _UNSUPPORTED = 'INVALID_ARGUMENT UNSUPPORTED_PARAMETER';
const VARIABLE = 'INVALID_ARGUMENT VARIABLE_INVALID';

/** What is wrong with variables and questions. */
export const badBriefs: readonly Row[] = [
  [
    'variables without a template',
    `${INVALID} generation.brief.variables`,
    asking({
      brief: { variables: { item: 'tea' } },
    }),
  ],
  [
    'a missing variable',
    `${VARIABLE} generation.brief.variables["item"]`,
    asking({
      template: 'card',
      brief: { variables: {} },
    }),
  ],
  [
    'variables that are all wrong',
    `${VARIABLE} generation.brief.variables["item"] generation.brief.variables["mood"] generation.brief.variables["shade"] generation.brief.variables["size"]`,
    asking({
      template: 'card',
      brief: { variables: { item: 'x'.repeat(21), mood: 'angry', size: 'large', shade: 'red' } },
    }),
  ],
  [
    'questions in a circle',
    'INVALID_ARGUMENT CYCLIC_DEPENDENCY generation.questions[0].depends_on',
    questions({ ...sharp, id: 'a', dependsOn: ['b'] }, { ...sharp, id: 'b', dependsOn: ['a'] }),
  ],
  [
    'a question that depends on none',
    `${INVALID} generation.questions[0].depends_on[0]`,
    questions({
      ...sharp,
      dependsOn: ['nothing'],
    }),
  ],
  [
    'a check that is not',
    `${INVALID} generation.questions[0].check.kind`,
    questions({
      ...sharp,
      check: { kind: 'beauty' },
    }),
  ],
  [
    'a check with wrong parameters',
    `${INVALID} generation.questions[0].check.parameters.height generation.questions[0].check.parameters.width`,
    questions({ ...sharp, check: { kind: 'minimum_size', parameters: { width: 'wide', height: -1 } } }),
  ],
  [
    'a question with a malformed id',
    `${INVALID} generation.questions[0].id`,
    questions({ ...sharp, id: 'Is it?' }),
  ],
  ['two questions of one id', `${INVALID} generation.questions[1].id`, questions(sharp, sharp)],
  [
    "a question with an id of the rubric's",
    `${INVALID} generation.questions[0].id`,
    asking({
      rubric: 'focus',
      questions: [sharp] as never,
    }),
  ],
  [
    "a question with an id of the organisation's",
    `${INVALID} generation.questions[0].id`,
    questions({ ...sharp, id: 'org-sharp' }),
  ],
  [
    "a question that depends on one of the organisation's",
    `${INVALID} generation.questions[0].depends_on[0]`,
    questions({ ...sharp, dependsOn: ['org-sharp'] }),
  ],
  [
    'a question that does not parse',
    'INVALID_ARGUMENT TEMPLATE_INVALID generation.questions[0].text',
    questions({
      ...sharp,
      text: 'Is it {{ item ?',
    }),
  ],
  [
    'a question over an unknown variable',
    `${VARIABLE} generation.brief.variables["item"]`,
    questions({
      ...sharp,
      text: 'Is it {{ item }}?',
    }),
  ],
];
