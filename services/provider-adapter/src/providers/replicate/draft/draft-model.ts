import { notFound, unavailable } from '@atelier/rpc';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readDocument } from '../../http/answer.ts';
import type { Settings } from '../../http/settings.ts';
import { type DraftedModel, ProviderFailure } from '../../provider.ts';
import { type Asked, ask } from '../client.ts';
import { draftEntry, type PublishedModel } from './draft-entry.ts';

const FORM = /^([a-z0-9][\w.-]*)\/([a-z0-9][\w.-]*?)(?::([0-9a-f]{64}))?$/i;

/** Drafts a catalog entry from the schema that Replicate publishes of a model, or of one version of it. */
export async function draftReplicateModel(
  nativeModel: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<DraftedModel> {
  const [, owner, name, version] = FORM.exec(nativeModel) ?? [];
  if (owner === undefined || name === undefined) throw missing(nativeModel);
  try {
    const asking = { settings, signal, read: readDocument };
    const model = await ask(asking, (client) => client.models.get(owner, name));
    const published = documentOf(model, nativeModel) as PublishedModel;
    if (version === undefined) return draftEntry(published, settings.name);
    const chosen = await ask(asking, (client) => client.models.versions.get(owner, name, version));
    return draftEntry({ ...published, chosen: documentOf(chosen, nativeModel) }, settings.name);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw unavailable(`Replicate does not tell of ${nativeModel}. ${error.message}`, {
      reason: 'PROVIDER_UNAVAILABLE',
      cause: error,
    });
  }
}

function documentOf(asked: Asked<unknown> | undefined, nativeModel: string): JsonObject {
  if (asked === undefined) throw missing(nativeModel);
  return asked.value as JsonValue as JsonObject;
}

function missing(nativeModel: string): Error {
  return notFound(`Replicate has no model ${nativeModel}.`, { metadata: { resource: nativeModel } });
}
