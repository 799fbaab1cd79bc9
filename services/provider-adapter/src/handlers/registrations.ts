import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { implement, type Registration } from '@atelier/rpc';
import type { ProviderAdapterContext } from '../context.ts';
import { cancelGenerateImages } from './cancel-generate-images.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { draftModel } from './draft-model.ts';
import { generateImages } from './generate-images.ts';
import { getModel } from './get-model.ts';
import { listModelDependents } from './list-model-dependents.ts';
import { listModels } from './list-models.ts';
import { registerModel } from './register-model.ts';
import { setModelAlias } from './set-model-alias.ts';
import { translateRequest } from './translate-request.ts';
import { updateModelState } from './update-model-state.ts';

/** Both services with their handlers. */
export function registrations(context: ProviderAdapterContext): Registration[] {
  return [
    implement(CatalogService, {
      listModels: listModels(context),
      getModel: getModel(context),
      registerModel: registerModel(context),
      draftModel: draftModel(context),
      updateModelState: updateModelState(context),
      setModelAlias: setModelAlias(context),
      listModelDependents: listModelDependents(context),
    }),
    implement(
      ImageGenerationService,
      {
        translateRequest: translateRequest(context),
        generateImages: generateImages(context),
        cancelGenerateImages: cancelGenerateImages(context),
        deliverWebhook: deliverWebhook(context),
      },
      // A provider is no caller of the platform: its webhooks are verified by what they carry.
      { access: (method) => (method.name === 'DeliverWebhook' ? 'service' : 'caller') },
    ),
  ];
}
