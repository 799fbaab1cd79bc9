import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { aborted, notFound } from '@atelier/rpc';
import { readRegistration, writeRegistration } from '../catalog/registration.ts';
import { requireModel } from '../catalog/usable.ts';
import type { Method } from './method.ts';

/** Changes whether a model may be used. */
export const updateModelState: Method<typeof CatalogService.method.updateModelState> =
  ({ catalog, registrations }) =>
  async ({ name, state, etag, reason }, call) => {
    requireModel(catalog, name);
    const id = name.slice('models/'.length);
    const present = await registrations.get(id, call);
    const registration = present && readRegistration(present);
    const current = catalog.with(name, registration);
    const metadata = { resource: name };
    if (current === undefined) throw notFound(`There is no ${name}.`, { metadata });
    if (etag !== '' && etag !== current.etag) {
      throw aborted(`${name} has changed since it was read.`, { reason: 'ETAG_MISMATCH', metadata });
    }
    if (current.state === state) return { model: current };
    const content = writeRegistration({ model: registration?.model, state, reason });
    const options = { expectedRevision: present?.revision ?? 0n };
    const written = readRegistration(await registrations.put(id, '', content, options, call));
    catalog.apply(written);
    call.log.info(
      { model: name, state, reason, keyId: call.principal?.keyId },
      'the state of a model was changed',
    );
    return { model: catalog.with(name, written) ?? current };
  };
