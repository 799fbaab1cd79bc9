import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { findModel } from '../catalog/usable.ts';
import type { Method } from './method.ts';

/** Reads one model. */
export const getModel: Method<typeof CatalogService.method.getModel> =
  ({ catalog }) =>
  async ({ name }) => ({ model: findModel(catalog, name) });
