import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';

/** Services whose every change is an administrative act. */
const ADMINISTRATIVE: ReadonlySet<string> = new Set(
  [
    OrganisationService,
    ProjectService,
    TeamService,
    ApiKeyService,
    BudgetService,
    TemplateService,
    RubricService,
    CatalogService,
    AdminService,
  ].map((service) => service.typeName),
);

/** Single methods of other services that are one too. */
const SINGLE: ReadonlySet<DescMethod> = new Set([ImageService.method.deleteImage]);

/** Whether a call of the method belongs in the audit log. Reading does not. */
export function isAdministrativeAct(method: DescMethod): boolean {
  if (SINGLE.has(method)) return true;
  const reads = method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  return !reads && ADMINISTRATIVE.has(method.parent.typeName);
}
