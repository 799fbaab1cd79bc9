import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { forward, type Registration } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import { authorize } from '../identity/authorize.ts';
import { type Wrapper, wrap } from '../identity/wrap.ts';
import { imageEdge } from './image-edge.ts';
import type { Mesh, MeshService } from './mesh.ts';
import { type MeteringDeps, metered } from './metering.ts';
import { namingForwarded } from './unreachable.ts';

/** The public services of the others, passed on as they are for callers who have the scope. */
export function forwardedServices(mesh: Mesh, metering: MeteringDeps): readonly Registration[] {
  const pass = (service: DescService, to: MeshService, ...wrappers: readonly Wrapper[]) =>
    wrap(forward(service, mesh.channels[to], { authorize }), namingForwarded, ...wrappers);
  return [
    pass(TemplateService, 'prompt-template'),
    pass(RubricService, 'evaluator'),
    pass(EvaluationService, 'evaluator', metered(metering)),
    pass(CatalogService, 'provider-adapter'),
    pass(ImageService, 'storage', imageEdge),
    pass(AdminService, 'storage'),
  ];
}
