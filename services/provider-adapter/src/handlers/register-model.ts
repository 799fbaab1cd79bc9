import { canonicalJson } from '@atelier/documents';
import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { type Model, ModelSchema, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { aborted, alreadyExists, invalidArgument } from '@atelier/rpc';
import { clone, toJson } from '@bufbuild/protobuf';
import { entryFaults } from '../catalog/entry-rules.ts';
import { type Registration, readRegistration, writeRegistration } from '../catalog/registration.ts';
import { requireModel } from '../catalog/usable.ts';
import type { Method } from './method.ts';

/** Adds or replaces an entry at run time. */
export const registerModel: Method<typeof CatalogService.method.registerModel> =
  (context) =>
  async ({ model: given, validateOnly }, call) => {
    const { catalog, registrations, surroundings } = context;
    if (given === undefined) throw invalidArgument('model', 'is required');
    requireModel(catalog, given.name);
    const entry = plainEntry(given);
    const faults = entryFaults(entry, surroundings);
    if (faults.length > 0) {
      const violations = faults.map((fault) => ({ ...fault, field: `model.${fault.field}` }));
      throw invalidArgument(violations, { reason: 'CATALOG_ENTRY_INVALID' });
    }
    const id = entry.name.slice('models/'.length);
    const present = await registrations.get(id, call);
    const registration = present && readRegistration(present);
    const current = catalog.with(entry.name, registration);
    if (current !== undefined) {
      if (isSame(current, entry, registration)) return { model: current };
      checkEtag(current, given.etag);
    }
    if (validateOnly) return { model: entry };
    const options = { expectedRevision: present?.revision ?? 0n };
    const written = await registrations.put(id, '', writeRegistration({ model: entry }), options, call);
    const registered = readRegistration(written);
    catalog.apply(registered);
    call.log.info({ model: entry.name, keyId: call.principal?.keyId }, 'a model was registered');
    return { model: catalog.with(entry.name, registered) ?? entry };
  };

/** The entry without what only the platform sets. A state that is not said is EXPERIMENTAL: nobody has tried it yet. */
function plainEntry(given: Model): Model {
  const entry = clone(ModelSchema, given);
  entry.configured = false;
  entry.missingSettings = [];
  entry.registered = false;
  entry.revision = 0n;
  entry.etag = '';
  entry.aliases = [];
  delete entry.updateTime;
  if (entry.state === ModelState.UNSPECIFIED) entry.state = ModelState.EXPERIMENTAL;
  return entry;
}

/** Whether this very entry is registered already, as after a repeat whose first answer was lost. */
function isSame(current: Model, entry: Model, registration: Registration | undefined): boolean {
  if (registration?.model === undefined) return false;
  const text = (model: Model) => canonicalJson(toJson(ModelSchema, plainEntry(model)));
  return text(current) === text(entry);
}

function checkEtag(current: Model, etag: string): void {
  const metadata = { resource: current.name };
  if (etag === '') {
    throw alreadyExists(`There is a ${current.name}; send its etag to replace it.`, { metadata });
  }
  if (etag !== current.etag) {
    throw aborted(`${current.name} has changed since it was read.`, { reason: 'ETAG_MISMATCH', metadata });
  }
}
