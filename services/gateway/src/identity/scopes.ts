import { Scope as WireScope } from '@atelier/protos/atelier/common/v1/principal_pb.ts';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import { AuditService } from '@atelier/protos/atelier/gateway/v1/audit_service_pb.ts';
import { BatchService } from '@atelier/protos/atelier/gateway/v1/batch_service_pb.ts';
import { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import { CallbackService } from '@atelier/protos/atelier/gateway/v1/callback_service_pb.ts';
import { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import { ReviewService } from '@atelier/protos/atelier/gateway/v1/review_service_pb.ts';
import { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { UsageService } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { methodPath } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';

/** What a key may allow, as principals carry it. */
export const SCOPES = ['generate', 'author', 'team-admin', 'usage', 'platform-admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Any one of these suffices. */
type AnyOf = readonly Scope[];

const generate: AnyOf = ['generate'];
const author: AnyOf = ['author'];
const work: AnyOf = ['generate', 'author'];
const read: AnyOf = ['generate', 'author', 'team-admin', 'platform-admin'];
const teamAdmin: AnyOf = ['team-admin', 'platform-admin'];
const money: AnyOf = ['usage', 'team-admin', 'platform-admin'];
const platform: AnyOf = ['platform-admin'];

const table = new Map<string, AnyOf>();

/** The type asks for every method of the service, and for no other. */
function allow<S extends DescService>(service: S, scopes: Record<keyof S['method'] & string, AnyOf>): void {
  for (const method of service.methods) {
    table.set(methodPath(method), scopes[method.localName as keyof S['method'] & string]);
  }
}

allow(GenerationService, {
  createGeneration: generate,
  generate,
  streamGenerate: generate,
  getGeneration: read,
  listGenerations: read,
  watchGeneration: read,
  cancelGeneration: generate,
  previewGeneration: work,
});
allow(BatchService, {
  createBatchUpload: generate,
  createBatch: generate,
  getBatch: read,
  listBatches: read,
  watchBatch: read,
  listBatchItems: read,
  pauseBatch: generate,
  resumeBatch: generate,
  retryFailedItems: generate,
  cancelBatch: generate,
});
allow(CallbackService, { listCallbackDeliveries: read, redeliverCallback: generate });
allow(ProjectService, {
  createProject: author,
  getProject: read,
  listProjects: read,
  updateProject: author,
  setProjectState: ['author', 'team-admin'],
});
allow(TeamService, { createTeam: platform, getTeam: SCOPES, listTeams: SCOPES, updateTeam: platform });
allow(OrganisationService, { getOrganisation: SCOPES, updateOrganisation: platform });
allow(ApiKeyService, {
  createApiKey: teamAdmin,
  listApiKeys: teamAdmin,
  rotateApiKey: teamAdmin,
  revokeApiKey: teamAdmin,
});
allow(BudgetService, { setBudget: teamAdmin, getBudget: money, listBudgets: money, deleteBudget: teamAdmin });
allow(UsageService, { queryUsage: money });
allow(AuditService, { listAuditEvents: teamAdmin });
allow(ReviewService, { recordReview: work, listReviewQueue: read });
allow(TemplateService, {
  createTemplate: author,
  addTemplateVersion: author,
  getTemplate: read,
  listTemplates: read,
  listTemplateVersions: read,
  setTemplateAlias: author,
  updateTemplate: author,
  archiveTemplate: author,
  forkTemplate: author,
  diffTemplateVersions: read,
  validateTemplate: author,
});
allow(RubricService, {
  createRubric: author,
  addRubricVersion: author,
  getRubric: read,
  listRubrics: read,
  listRubricVersions: read,
  setRubricAlias: author,
  updateRubric: author,
  archiveRubric: author,
  validateRubric: author,
});
allow(EvaluationService, {
  evaluateImage: work,
  compareImages: work,
  draftQuestions: author,
  listJudges: read,
});
allow(CatalogService, {
  listModels: read,
  getModel: read,
  registerModel: platform,
  // It uses the platform's credentials.
  draftModel: platform,
  updateModelState: platform,
  setModelAlias: platform,
  // It names projects of every team.
  listModelDependents: platform,
});
allow(ImageService, {
  createUpload: work,
  commitImage: work,
  getImage: read,
  getImageUrl: read,
  listImages: read,
  deleteImage: work,
  verifyImage: read,
});
allow(AdminService, {
  rebuildWarehouse: platform,
  getWarehouseStatus: platform,
  applyRetention: platform,
  setLegalHold: platform,
  exportProject: platform,
  eraseData: platform,
});

/** What each public method needs, by `/package.Service/Method`: a caller with any one of the scopes may use it. */
export const METHOD_SCOPES: ReadonlyMap<string, readonly Scope[]> = table;

const WIRE: Record<Scope, WireScope> = {
  generate: WireScope.GENERATE,
  author: WireScope.AUTHOR,
  'team-admin': WireScope.TEAM_ADMIN,
  usage: WireScope.USAGE,
  'platform-admin': WireScope.PLATFORM_ADMIN,
};

/** The scope of a message as principals carry it; undefined for one that this version does not know. */
export function scopeOf(wire: WireScope): Scope | undefined {
  return SCOPES.find((scope) => WIRE[scope] === wire);
}
