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
import { type Handlers, implement, type Registration } from '@atelier/rpc';
import type { DescMethod } from '@bufbuild/protobuf';
import type { AuditLog } from '../audit/audit-log.ts';
import { audited } from '../audit/audited.ts';
import { authorize } from '../identity/authorize.ts';
import { before, wrap } from '../identity/wrap.ts';
import type { TeamStore } from '../teams/team-store.ts';
import type { ApiKeyDeps } from './api-key/deps.ts';
import { apiKeyHandlers } from './api-key/index.ts';
import type { AuditDeps } from './audit/deps.ts';
import { auditHandlers } from './audit/index.ts';
import type { BudgetDeps } from './budget/deps.ts';
import { budgetHandlers } from './budget/index.ts';
import { notOffered } from './not-offered.ts';
import type { OrganisationDeps } from './organisation/deps.ts';
import { organisationHandlers } from './organisation/index.ts';
import type { ProjectDeps } from './project/deps.ts';
import { projectHandlers } from './project/index.ts';
import type { ReviewDeps } from './review/deps.ts';
import { reviewHandlers } from './review/index.ts';
import type { TeamDeps } from './team/deps.ts';
import { teamHandlers } from './team/index.ts';
import type { UsageDeps } from './usage/deps.ts';
import { usageHandlers } from './usage/index.ts';

/** What the public services need. */
export interface PublicServicesDeps {
  readonly organisation: OrganisationDeps;
  readonly project: ProjectDeps;
  readonly team: TeamDeps;
  readonly apiKey: ApiKeyDeps;
  readonly budget: BudgetDeps;
  readonly usage: UsageDeps;
  readonly audit: AuditDeps;
  readonly review: ReviewDeps;
  readonly generation: Handlers<typeof GenerationService>;
  /** Services of others that are passed on. */
  readonly forwarded: readonly Registration[];
  readonly auditLog: AuditLog;
  readonly teams: TeamStore;
  readonly now: () => Date;
}

/** Methods that begin new work, which a paused team may not. */
const BEGINNINGS: ReadonlySet<DescMethod> = new Set([
  GenerationService.method.createGeneration,
  GenerationService.method.generate,
  GenerationService.method.streamGenerate,
]);

/**
 * Every public service. Whatever the service, the caller's scope is looked at first, and administrative acts are kept in
 * the audit log, those that were not allowed too.
 */
export function publicServices(deps: PublicServicesDeps): readonly Registration[] {
  const { auditLog, teams, now } = deps;
  const scope = before(({ method }, context) => authorize(method, context));
  const active = before(async ({ method }, context) => {
    const team = context.principal?.team;
    if (team !== undefined && BEGINNINGS.has(method)) await teams.checkActive(team, context);
  });
  return [
    wrap(implement(GenerationService, deps.generation), active),
    notOffered(BatchService, 'the durable queue of batches'),
    notOffered(CallbackService, 'signed callbacks'),
    implement(OrganisationService, organisationHandlers(deps.organisation)),
    implement(ProjectService, projectHandlers(deps.project)),
    implement(TeamService, teamHandlers(deps.team)),
    implement(ApiKeyService, apiKeyHandlers(deps.apiKey)),
    implement(BudgetService, budgetHandlers(deps.budget)),
    implement(UsageService, usageHandlers(deps.usage)),
    implement(AuditService, auditHandlers(deps.audit)),
    implement(ReviewService, reviewHandlers(deps.review)),
    ...deps.forwarded,
  ].map((registration) => wrap(registration, audited(auditLog, now), scope));
}
