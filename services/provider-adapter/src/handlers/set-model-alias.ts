import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { alreadyExists } from '@atelier/rpc';
import { readRegistration, writeRegistration } from '../catalog/registration.ts';
import { findModel, requireModel } from '../catalog/usable.ts';
import type { Method } from './method.ts';

/** Points an alias at a model, or removes it. The last one to say where it points is right. */
export const setModelAlias: Method<typeof CatalogService.method.setModelAlias> =
  ({ catalog, registrations }) =>
  async ({ alias, model: target }, call) => {
    if (target !== '') {
      requireModel(catalog, target);
      findModel(catalog, target);
    }
    const id = alias.slice('models/'.length);
    const present = await registrations.get(id, call);
    const registration = present && readRegistration(present);
    if (catalog.builtIn(alias) !== undefined || registration?.model !== undefined) {
      throw alreadyExists(`${alias} is the name of a model.`, { metadata: { resource: alias } });
    }
    if ((registration?.aliasOf ?? '') !== target) {
      const content = writeRegistration({ aliasOf: target === '' ? undefined : target });
      const options = { expectedRevision: present?.revision ?? 0n };
      catalog.apply(readRegistration(await registrations.put(id, '', content, options, call)));
      call.log.info({ alias, model: target, keyId: call.principal?.keyId }, 'an alias of a model was set');
    }
    const model = target === '' ? undefined : catalog.get(target);
    return model === undefined ? {} : { model };
  };
