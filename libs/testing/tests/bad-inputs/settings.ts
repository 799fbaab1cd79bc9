import { Scope } from '@atelier/protos/atelier/common/v1/principal_pb.ts';
import { ReviewDecision } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { BudgetPeriod } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { UsageDimension } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { NOBODY } from '../support/refusal.ts';
import { type Row, sharp } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const NOT_FOUND = 'NOT_FOUND NOT_FOUND';
const BAD_TOKEN = 'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token';

const project =
  (fields: object): Row[2] =>
  ({ services }) =>
    services.projects.createProject({ project: { name: 'projects/fresh', ...fields } });
const budget =
  (fields: object): Row[2] =>
  ({ services }) =>
    services.budgets.setBudget({
      budgetId: 'fresh',
      budget: { team: 'teams/local', period: BudgetPeriod.MONTH, ...fields },
    });
const key =
  (fields: object): Row[2] =>
  ({ services }) =>
    services.apiKeys.createApiKey({ apiKey: { team: 'teams/local', scopes: [Scope.GENERATE], ...fields } });
const review =
  (fields: object): Row[2] =>
  ({ services, image }) =>
    services.reviews.recordReview({
      review: { image, decision: ReviewDecision.APPROVED, reviewer: 'ann', ...fields },
    });
const seconds = (at: number) => ({ seconds: BigInt(at), nanos: 0 });

/** What ProjectService refuses. */
export const badProjects: readonly Row[] = [
  ['CreateProject without one', `${INVALID} project`, ({ services }) => services.projects.createProject({})],
  ['CreateProject with a malformed name', `${INVALID} project.name`, project({ name: 'fresh' })],
  ['CreateProject that is there', 'ALREADY_EXISTS ALREADY_EXISTS', project({ name: 'projects/shop' })],
  [
    'CreateProject that names what is not',
    `${NOT_FOUND} project.default_model project.rubric project.template`,
    project({ defaultModel: 'models/nothing', template: 'templates/nothing', rubric: 'rubrics/nothing' }),
  ],
  [
    'CreateProject whose default is not allowed',
    'INVALID_ARGUMENT CONTRADICTORY_FIELDS project.default_model',
    project({ defaultModel: 'models/studio-pro', allowedModels: ['models/studio-draft'] }),
  ],
  [
    'CreateProject with a negative budget',
    `${INVALID} project.monthly_budget_micro_usd`,
    project({
      monthlyBudgetMicroUsd: -5n,
    }),
  ],
  [
    'CreateProject with a broken question',
    `${INVALID} project.questions[0].check.kind`,
    project({
      questions: [{ ...sharp, check: { kind: 'taste' } }],
    }),
  ],
  [
    "CreateProject with an id of the organisation's",
    `${INVALID} project.questions[0].id`,
    project({ questions: [{ ...sharp, id: 'org-sharp' }] }),
  ],
  [
    'CreateProject with terms that are blank and given twice',
    `${INVALID} project.forbidden_terms[1] project.forbidden_terms[2]`,
    project({ forbiddenTerms: ['acme', ' ', 'ACME'] }),
  ],
  [
    'CreateProject with an empty term',
    `${INVALID} project.forbidden_terms[0]`,
    project({ forbiddenTerms: [''] }),
  ],
  [
    'CreateProject with 17 candidates',
    `${INVALID} project.policy.candidates_per_round`,
    project({
      policy: { candidatesPerRound: 17 },
    }),
  ],
  [
    'GetProject of none',
    NOT_FOUND,
    ({ services }) => services.projects.getProject({ name: 'projects/nowhere' }),
  ],
  [
    'GetProject of a revision that is not',
    NOT_FOUND,
    ({ services }) => services.projects.getProject({ name: 'projects/shop', revision: 99n }),
  ],
  [
    'ListProjects with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.projects.listProjects({ pageToken: 'made-up' }),
  ],
  [
    'UpdateProject with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services, staleEtag }) =>
      services.projects.updateProject({ project: { name: 'projects/shop', etag: staleEtag } }),
  ],
  [
    'UpdateProject of none',
    NOT_FOUND,
    ({ services }) => services.projects.updateProject({ project: { name: 'projects/nowhere' } }),
  ],
  [
    'SetProjectState to none',
    `${INVALID} state`,
    ({ services }) => services.projects.setProjectState({ name: 'projects/shop' }),
  ],
  [
    'SetProjectState with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services, staleEtag }) =>
      services.projects.setProjectState({ name: 'projects/shop', state: 2, etag: staleEtag }),
  ],
];

/** What the services of teams, keys, budgets, usage, audit and reviews refuse. */
export const badAccounts: readonly Row[] = [
  [
    'CreateTeam with a malformed name',
    `${INVALID} team.name`,
    ({ services }) => services.teams.createTeam({ team: { name: 'teams/Red Team' } }),
  ],
  [
    'CreateTeam that is there',
    'ALREADY_EXISTS ALREADY_EXISTS',
    ({ services }) => services.teams.createTeam({ team: { name: 'teams/red', displayName: 'Other' } }),
  ],
  ['GetTeam of none', NOT_FOUND, ({ services }) => services.teams.getTeam({ name: 'teams/nobody' })],
  [
    'ListTeams with pages of 201',
    `${INVALID} page_size`,
    ({ services }) => services.teams.listTeams({ pageSize: 201 }),
  ],
  [
    'UpdateTeam with a stale etag',
    'ABORTED ETAG_MISMATCH',
    ({ services }) => services.teams.updateTeam({ team: { name: 'teams/red', etag: '"0-stale"' } }),
  ],
  ['CreateApiKey without scopes', `${INVALID} api_key.scopes`, key({ scopes: [] })],
  ['CreateApiKey with a scope that is not', `${INVALID} api_key.scopes[0]`, key({ scopes: [77] })],
  ['CreateApiKey of a team that is not', `${NOT_FOUND} api_key.team`, key({ team: 'teams/nobody' })],
  [
    'CreateApiKey for a project that is not',
    `${NOT_FOUND} api_key.project`,
    key({ project: 'projects/nowhere' }),
  ],
  ['CreateApiKey that expired', `${INVALID} api_key.expire_time`, key({ expireTime: seconds(1) })],
  [
    'RotateApiKey of none',
    NOT_FOUND,
    ({ services }) => services.apiKeys.rotateApiKey({ name: `keys/${NOBODY}` }),
  ],
  [
    'RotateApiKey with an overlap of a year',
    `${INVALID} overlap_seconds`,
    ({ services }) => services.apiKeys.rotateApiKey({ name: `keys/${NOBODY}`, overlapSeconds: 31_536_000 }),
  ],
  [
    'RevokeApiKey with a malformed name',
    `${INVALID} name`,
    ({ services }) => services.apiKeys.revokeApiKey({ name: 'keys/a b' }),
  ],
  [
    'ListApiKeys with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.apiKeys.listApiKeys({ pageToken: 'made-up' }),
  ],
  ['SetBudget below zero', `${INVALID} budget.limit_micro_usd`, budget({ limitMicroUsd: -1n })],
  ['SetBudget without a period', `${INVALID} budget.period`, budget({ period: BudgetPeriod.UNSPECIFIED })],
  [
    'SetBudget that tells an address, which is not offered',
    'UNIMPLEMENTED NOT_OFFERED budget.notify_url',
    budget({ notifyUrl: 'https://shop.example/spent' }),
  ],
  ['SetBudget that tells at 0 %', `${INVALID} budget.notify_at[0]`, budget({ notifyAt: [0] })],
  [
    'SetBudget of a project that is not',
    `${NOT_FOUND} budget.project`,
    budget({ project: 'projects/nowhere' }),
  ],
  ['GetBudget of none', NOT_FOUND, ({ services }) => services.budgets.getBudget({ name: 'budgets/nothing' })],
  [
    'ListBudgets with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.budgets.listBudgets({ pageToken: 'made-up' }),
  ],
  [
    'DeleteBudget of none',
    NOT_FOUND,
    ({ services }) => services.budgets.deleteBudget({ name: 'budgets/nothing' }),
  ],
  ['QueryUsage without a query', `${INVALID} query`, ({ services }) => services.usage.queryUsage({})],
  [
    'QueryUsage by a dimension twice',
    `${INVALID} query.group_by`,
    ({ services }) =>
      services.usage.queryUsage({ query: { groupBy: [UsageDimension.DAY, UsageDimension.DAY] } }),
  ],
  [
    'QueryUsage that ends before it begins',
    'INVALID_ARGUMENT CONTRADICTORY_FIELDS query.end_time',
    ({ services }) =>
      services.usage.queryUsage({ query: { startTime: seconds(2_000), endTime: seconds(1_000) } }),
  ],
  [
    'ListAuditEvents with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.audit.listAuditEvents({ pageToken: 'made-up' }),
  ],
  ['RecordReview of an image that is not', NOT_FOUND, review({ image: `images/${NOBODY}` })],
  [
    'RecordReview without a decision',
    `${INVALID} review.decision`,
    review({ decision: ReviewDecision.UNSPECIFIED }),
  ],
  ['RecordReview by nobody', `${INVALID} review.reviewer`, review({ reviewer: '' })],
  [
    'ListReviewQueue with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.reviews.listReviewQueue({ pageToken: 'made-up' }),
  ],
];
