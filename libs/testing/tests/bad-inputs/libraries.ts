import { NOBODY } from '../support/refusal.ts';
import { cardContent, type Row, sharp, text } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const TEMPLATE = 'INVALID_ARGUMENT TEMPLATE_INVALID';

const created =
  (content: object, templateId = 'fresh'): Row[2] =>
  ({ services }) =>
    services.templates.createTemplate({ templateId, content: content as never });
const body = (text: string) => created({ ...cardContent, body: text });
const rubric =
  (...questions: object[]): Row[2] =>
  ({ services }) =>
    services.rubrics.createRubric({ rubricId: 'fresh', content: { questions: questions as never } });
const hundredAndOne = Array.from({ length: 101 }, (_, i) => ({ ...sharp, id: `q${i}` }));

/** What TemplateService refuses. */
export const badTemplates: readonly Row[] = [
  ['CreateTemplate that does not parse', `${TEMPLATE} content.body`, body('A card for {{ item')],
  [
    'CreateTemplate with a variable that is not declared',
    `${TEMPLATE} content.body`,
    body('{{ item }} {{ nobody }}'),
  ],
  ['CreateTemplate with a filter that is not', `${TEMPLATE} content.body`, body('{{ item | shell }}')],
  ['CreateTemplate that includes a file', `${TEMPLATE} content.body`, body("{% include '/etc/passwd' %}")],
  ['CreateTemplate that renders a file', `${TEMPLATE} content.body`, body("{% render 'other' %}")],
  ['CreateTemplate without a body', `${INVALID} content.body`, created({ body: '' })],
  [
    'CreateTemplate without content',
    `${INVALID} content`,
    ({ services }) => services.templates.createTemplate({ templateId: 'fresh' }),
  ],
  ['CreateTemplate with a malformed id', `${INVALID} template_id`, created(cardContent, 'No Id')],
  [
    'CreateTemplate with an id that is taken',
    'ALREADY_EXISTS ALREADY_EXISTS',
    created({ body: 'Other' }, 'card'),
  ],
  [
    'CreateTemplate with a malformed variable',
    `${INVALID} content.variables[0].name`,
    created({ body: 'x', variables: [{ name: 'Not A Name' }] }),
  ],
  [
    'CreateTemplate with a default outside of the enum',
    `${TEMPLATE} content.variables[0].default_value`,
    created({
      body: '{{ mood }}',
      variables: [{ ...cardContent.variables[1], defaultValue: text('angry') }],
    }),
  ],
  [
    'CreateTemplate with a variable twice',
    `${TEMPLATE} content.variables[1].name`,
    created({ body: '{{ item }}', variables: [{ name: 'item' }, { name: 'item' }] }),
  ],
  [
    'AddTemplateVersion to an archived template',
    'FAILED_PRECONDITION WRONG_STATE',
    ({ services }) =>
      services.templates.addTemplateVersion({ name: 'templates/old', content: { body: 'New' } }),
  ],
  [
    'AddTemplateVersion to none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) =>
      services.templates.addTemplateVersion({ name: 'templates/nothing', content: { body: 'New' } }),
  ],
  [
    'AddTemplateVersion with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services }) =>
      services.templates.addTemplateVersion({
        name: 'templates/card',
        content: { body: 'New' },
        etag: '"0-stale"',
      }),
  ],
  [
    'GetTemplate of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.templates.getTemplate({ name: 'templates/nothing' }),
  ],
  [
    'GetTemplate by an alias that is not',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.templates.getTemplate({ name: 'templates/card/versions/production' }),
  ],
  [
    'ListTemplates with a made-up token',
    'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token',
    ({ services }) => services.templates.listTemplates({ pageToken: 'made-up' }),
  ],
  [
    'ListTemplateVersions with negative pages',
    `${INVALID} page_size`,
    ({ services }) => services.templates.listTemplateVersions({ name: 'templates/card', pageSize: -1 }),
  ],
  [
    'SetTemplateAlias to a version that is not',
    'NOT_FOUND NOT_FOUND',
    ({ services }) =>
      services.templates.setTemplateAlias({ name: 'templates/card', alias: 'production', version: 9 }),
  ],
  [
    'SetTemplateAlias of latest',
    `${INVALID} alias`,
    ({ services }) =>
      services.templates.setTemplateAlias({ name: 'templates/card', alias: 'latest', version: 1 }),
  ],
  [
    'UpdateTemplate with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services }) =>
      services.templates.updateTemplate({
        template: { name: 'templates/card', description: 'Other.', etag: '"0-stale"' },
      }),
  ],
  [
    'ArchiveTemplate of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.templates.archiveTemplate({ name: 'templates/nothing', archived: true }),
  ],
  [
    'ForkTemplate onto one that is there',
    'ALREADY_EXISTS ALREADY_EXISTS',
    ({ services }) => services.templates.forkTemplate({ source: 'templates/card', templateId: 'old' }),
  ],
  [
    'DiffTemplateVersions with one that is not',
    'NOT_FOUND NOT_FOUND',
    ({ services }) =>
      services.templates.diffTemplateVersions({
        base: 'templates/card/versions/1',
        head: 'templates/card/versions/9',
      }),
  ],
  [
    'ValidateTemplate with wrong variables',
    'INVALID_ARGUMENT VARIABLE_INVALID sample_variables["mood"]',
    ({ services }) =>
      services.templates.validateTemplate({
        content: cardContent,
        sampleVariables: { item: 'tea', mood: 'angry' },
      }),
  ],
];

/** What RubricService and EvaluationService refuse. */
export const badRubrics: readonly Row[] = [
  ['CreateRubric with 101 questions', `${INVALID} content.questions`, rubric(...hundredAndOne)],
  ['CreateRubric without a question', `${INVALID} content.questions`, rubric()],
  [
    'CreateRubric in a circle of three',
    'INVALID_ARGUMENT CYCLIC_DEPENDENCY content.questions[0].depends_on',
    rubric(
      { ...sharp, id: 'a', dependsOn: ['c'] },
      { ...sharp, id: 'b', dependsOn: ['a'] },
      { ...sharp, id: 'c', dependsOn: ['b'] },
    ),
  ],
  [
    "CreateRubric with an id of the organisation's",
    `${INVALID} content.questions[1].id`,
    rubric(sharp, { ...sharp, id: 'org-sharp' }),
  ],
  ['CreateRubric with a question twice', `${INVALID} content.questions[1].id`, rubric(sharp, sharp)],
  [
    'CreateRubric with a check that is not',
    `${INVALID} content.questions[0].check.kind`,
    rubric({ ...sharp, check: { kind: 'taste' } }),
  ],
  [
    'CreateRubric with a parameter that the check has not',
    `${INVALID} content.questions[0].check.parameters.loudness`,
    rubric({ ...sharp, check: { kind: 'sharpness', parameters: { loudness: 3 } } }),
  ],
  [
    'CreateRubric with a threshold above 1',
    `${INVALID} content.questions[0].pass_threshold`,
    rubric({ ...sharp, passThreshold: 1.5 }),
  ],
  [
    'CreateRubric with a text that does not parse',
    'INVALID_ARGUMENT TEMPLATE_INVALID content.questions[0].text',
    rubric({ ...sharp, text: '{% if %}' }),
  ],
  [
    'AddRubricVersion to an archived rubric',
    'FAILED_PRECONDITION WRONG_STATE',
    ({ services }) =>
      services.rubrics.addRubricVersion({
        name: 'rubrics/old',
        content: { questions: [{ ...sharp, id: 'other' }] },
      }),
  ],
  [
    'GetRubric of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.rubrics.getRubric({ name: 'rubrics/nothing' }),
  ],
  [
    'ListRubrics with a made-up token',
    'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token',
    ({ services }) => services.rubrics.listRubrics({ pageToken: 'made-up' }),
  ],
  [
    'ListRubricVersions of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.rubrics.listRubricVersions({ name: 'rubrics/nothing' }),
  ],
  [
    "AddRubricVersion with an id of the organisation's",
    `${INVALID} content.questions[0].id`,
    ({ services }) =>
      services.rubrics.addRubricVersion({
        name: 'rubrics/focus',
        content: { questions: [{ ...sharp, id: 'org-sharp' }] },
      }),
  ],
  [
    "ValidateRubric with an id of the organisation's",
    `${INVALID} content.questions[0].id`,
    ({ services }) =>
      services.rubrics.validateRubric({ content: { questions: [{ ...sharp, id: 'org-sharp' }] } }),
  ],
  [
    'ValidateRubric without a value',
    'INVALID_ARGUMENT VARIABLE_INVALID sample_variables["item"]',
    ({ services }) =>
      services.rubrics.validateRubric({
        content: { questions: [{ ...sharp, text: 'Is it {{ item }}?' }] },
        sampleVariables: {},
      }),
  ],
  [
    'ArchiveRubric with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services }) =>
      services.rubrics.archiveRubric({ name: 'rubrics/focus', archived: true, etag: '"0-stale"' }),
  ],
  [
    'SetRubricAlias with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services }) =>
      services.rubrics.setRubricAlias({
        name: 'rubrics/focus',
        alias: 'production',
        version: 1,
        etag: '"0-stale"',
      }),
  ],
  [
    'UpdateRubric of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.rubrics.updateRubric({ rubric: { name: 'rubrics/nothing' } }),
  ],
  [
    'EvaluateImage of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.evaluation.evaluateImage({ image: `images/${NOBODY}`, questions: [sharp] }),
  ],
  [
    'EvaluateImage by nothing',
    `${INVALID} rubric`,
    ({ services, image }) => services.evaluation.evaluateImage({ image }),
  ],
  [
    'EvaluateImage by a rubric that is not',
    'NOT_FOUND NOT_FOUND',
    ({ services, image }) => services.evaluation.evaluateImage({ image, rubric: 'rubrics/nothing' }),
  ],
  [
    'EvaluateImage without a value',
    'INVALID_ARGUMENT VARIABLE_INVALID variables["item"]',
    ({ services, image }) =>
      services.evaluation.evaluateImage({ image, questions: [{ ...sharp, text: 'Is it {{ item }}?' }] }),
  ],
  [
    'CompareImages with one that is not',
    'NOT_FOUND NOT_FOUND',
    ({ services, image }) =>
      services.evaluation.compareImages({ imageA: image, imageB: `images/${NOBODY}`, brief: 'an apple' }),
  ],
  [
    'CompareImages without a brief',
    `${INVALID} brief`,
    ({ services, image }) => services.evaluation.compareImages({ imageA: image, imageB: image }),
  ],
  [
    'DraftQuestions with no writer',
    'FAILED_PRECONDITION NOT_CONFIGURED',
    ({ services }) => services.evaluation.draftQuestions({ brief: 'an apple' }),
  ],
  [
    'DraftQuestions of 51 questions',
    `${INVALID} max_questions`,
    ({ services }) => services.evaluation.draftQuestions({ brief: 'an apple', maxQuestions: 51 }),
  ],
];
