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
import { createServiceClient } from './rpc/client.ts';
import type { Connection } from './rpc/connection.ts';

/** Every service that the gateway offers in public. */
export const publicServices = [
  GenerationService,
  BatchService,
  OrganisationService,
  ProjectService,
  TeamService,
  ApiKeyService,
  BudgetService,
  UsageService,
  AuditService,
  ReviewService,
  CallbackService,
  TemplateService,
  RubricService,
  EvaluationService,
  CatalogService,
  ImageService,
  AdminService,
] as const;

/** A typed client for each public service. */
export function serviceClients(connection: Connection) {
  return {
    generations: createServiceClient(GenerationService, connection),
    batches: createServiceClient(BatchService, connection),
    organisation: createServiceClient(OrganisationService, connection),
    projects: createServiceClient(ProjectService, connection),
    teams: createServiceClient(TeamService, connection),
    apiKeys: createServiceClient(ApiKeyService, connection),
    budgets: createServiceClient(BudgetService, connection),
    usage: createServiceClient(UsageService, connection),
    audit: createServiceClient(AuditService, connection),
    reviews: createServiceClient(ReviewService, connection),
    callbacks: createServiceClient(CallbackService, connection),
    templates: createServiceClient(TemplateService, connection),
    rubrics: createServiceClient(RubricService, connection),
    evaluation: createServiceClient(EvaluationService, connection),
    catalog: createServiceClient(CatalogService, connection),
    images: createServiceClient(ImageService, connection),
    admin: createServiceClient(AdminService, connection),
  };
}

/** The typed clients of an `Atelier`. */
export type ServiceClients = ReturnType<typeof serviceClients>;
