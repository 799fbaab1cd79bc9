import { NOBODY } from '../support/refusal.ts';
import { asking, many, questions } from './asking.ts';
import { type Row, sharp } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const CONTRADICTORY = 'INVALID_ARGUMENT CONTRADICTORY_FIELDS';
const _UNSUPPORTED = 'INVALID_ARGUMENT UNSUPPORTED_PARAMETER';
const _VARIABLE = 'INVALID_ARGUMENT VARIABLE_INVALID';

/** What CreateGeneration, Generate and StreamGenerate refuse: the three share one check. */
export const badRequests: readonly Row[] = [
  [
    'no generation at all',
    `${INVALID} generation`,
    ({ services }) => services.generations.createGeneration({}),
  ],
  [
    'an empty request',
    `${INVALID} generation.brief generation.project`,
    ({ services }) => services.generations.generate({ generation: {} }),
  ],
  ['a project that is not', 'NOT_FOUND NOT_FOUND', asking({ project: 'nowhere' })],
  ['a project with a malformed name', `${INVALID} generation.project`, asking({ project: 'projects/Shop!' })],
  ['a paused project', 'FAILED_PRECONDITION WRONG_STATE', asking({ project: 'paused' })],
  ['a model that is not', 'NOT_FOUND NOT_FOUND', asking({ model: 'nothing' })],
  ['a malformed model', `${INVALID} generation.model`, asking({ model: 'models/Über' })],
  ['a model that is disabled', 'FAILED_PRECONDITION MODEL_UNAVAILABLE', asking({ model: 'off' })],
  ['an experimental model', 'FAILED_PRECONDITION MODEL_UNAVAILABLE', asking({ model: 'new' })],
  [
    'a model that the project does not allow',
    'FAILED_PRECONDITION MODEL_NOT_ALLOWED',
    asking({ project: 'narrow', model: 'studio-draft' }),
  ],
  [
    'a fallback that the project does not allow',
    'FAILED_PRECONDITION MODEL_NOT_ALLOWED',
    asking({ project: 'narrow', policy: { fallbackModels: ['models/studio-pro'] } as never }),
  ],
  ['a budget that does not suffice', 'RESOURCE_EXHAUSTED BUDGET_EXCEEDED', asking({ project: 'poor' })],
  [
    'a cap on the cost of a model without a price',
    'FAILED_PRECONDITION PRICE_UNKNOWN',
    asking({ model: 'sandbox-unpriced', policy: { maxCostMicroUsd: 1_000n } as never }),
  ],
  ['a template that is not', 'NOT_FOUND NOT_FOUND', asking({ template: 'nothing' })],
  [
    'a version of a template that is not',
    'NOT_FOUND NOT_FOUND',
    asking({ template: 'templates/card/versions/9' }),
  ],
  ['a rubric that is not', 'NOT_FOUND NOT_FOUND', asking({ rubric: 'nothing' })],
  [
    'a request id that came with another body',
    'ALREADY_EXISTS REQUEST_ID_REUSED',
    async ({ atelier }) => {
      const first = { project: 'shop', brief: 'an apple', requestId: 'reused' };
      await atelier.generate(first);
      return atelier.create({ ...first, brief: 'a pear' });
    },
  ],
  [
    'a callback, which is not offered',
    'UNIMPLEMENTED NOT_OFFERED',
    asking({
      callback: { url: 'https://shop.example/done' } as never,
    }),
  ],
  ['a long prompt', `${INVALID} generation.brief.prompt`, asking({ brief: 'x'.repeat(8_193) })],
  ['a prompt that is empty', `${INVALID} generation.brief.prompt`, asking({ brief: '' })],
  [
    'a prompt that is too long for the model',
    `${INVALID} generation.brief`,
    asking({ model: 'studio-draft', brief: 'x'.repeat(3_000) }),
  ],
  [
    '33 labels',
    `${INVALID} generation.labels`,
    asking({
      labels: Object.fromEntries(many(33, (i) => [`label-${i}`, 'x'])),
    }),
  ],
  ['a long label', `${INVALID} generation.labels["tag"]`, asking({ labels: { tag: 'x'.repeat(257) } })],
  ['a long request id', `${INVALID} generation.request_id`, asking({ requestId: 'x'.repeat(129) })],
  [
    '33 questions',
    `${INVALID} generation.questions`,
    questions(...many(33, (i) => ({ ...sharp, id: `q${i}` }))),
  ],
  [
    'a number of an enum that is not',
    `${INVALID} generation.on_unsupported`,
    asking({ onUnsupported: 99 as never }),
  ],
  ['11 rounds', `${INVALID} generation.policy.max_rounds`, asking({ policy: { maxRounds: 11 } as never })],
  [
    'a day of time',
    `${INVALID} generation.policy.max_duration`,
    asking({
      policy: { maxDuration: { seconds: 86_400n } } as never,
    }),
  ],
  [
    'a negative cap on the cost',
    `${INVALID} generation.policy.max_cost_micro_usd`,
    asking({
      policy: { maxCostMicroUsd: -1n } as never,
    }),
  ],
  [
    'fewer candidates than results',
    `${CONTRADICTORY} generation.policy.candidates_per_round`,
    asking({ parameters: { count: 4 }, policy: { candidatesPerRound: 2 } as never }),
  ],
];

/** What the other methods of generations refuse. */
export const badReads: readonly Row[] = [
  [
    'StreamGenerate of nothing',
    `${INVALID} generation`,
    ({ services }) => services.generations.streamGenerate({}),
  ],
  [
    'StreamGenerate of an unknown model',
    'NOT_FOUND NOT_FOUND',
    ({ atelier }) => atelier.stream({ project: 'shop', brief: 'an apple', model: 'nothing' }),
  ],
  [
    'PreviewGeneration of an unknown project',
    'NOT_FOUND NOT_FOUND',
    ({ services }) =>
      services.generations.previewGeneration({
        generation: { project: 'projects/nowhere', brief: { input: { case: 'prompt', value: 'x' } } },
      }),
  ],
  [
    'PreviewGeneration with 17 models',
    `${INVALID} models`,
    ({ services }) =>
      services.generations.previewGeneration({
        generation: { project: 'projects/shop', brief: { input: { case: 'prompt', value: 'x' } } },
        models: many(17, (i) => `models/m${i}`),
      }),
  ],
  [
    'GetGeneration of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.generations.getGeneration({ name: `generations/${NOBODY}` }),
  ],
  [
    'GetGeneration of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.generations.getGeneration({ name: '../../etc/passwd' }),
  ],
  [
    'WatchGeneration of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.generations.watchGeneration({ name: `generations/${NOBODY}` }),
  ],
  [
    'WatchGeneration after a negative number',
    `${INVALID} after_event_number`,
    ({ services }) =>
      services.generations.watchGeneration({ name: `generations/${NOBODY}`, afterEventNumber: -1n }),
  ],
  [
    'CancelGeneration of none',
    'NOT_FOUND NOT_FOUND',
    ({ services }) => services.generations.cancelGeneration({ name: `generations/${NOBODY}` }),
  ],
  [
    'ListGenerations with a made-up token',
    'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token',
    ({ services }) => services.generations.listGenerations({ pageToken: 'made-up' }),
  ],
  [
    'ListGenerations with pages of 501',
    `${INVALID} page_size`,
    ({ services }) => services.generations.listGenerations({ pageSize: 501 }),
  ],
];
