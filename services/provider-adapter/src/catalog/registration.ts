import { Collection, type DocumentClient, type StoredDocument } from '@atelier/documents';
import {
  type Model,
  ModelSchema,
  type ModelState,
  ModelStateSchema,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { enumFromJson, enumToJson, fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';

/** What was set at run time for one name: a whole entry, the state of one that comes with the service, or an alias. */
export interface Registration {
  /** `models/{id}`. */
  readonly name: string;
  /** The entry; absent where only the state was set. */
  readonly model: Model | undefined;
  /** The state, where it was changed after the entry was made. */
  readonly state: ModelState | undefined;
  /** The model that this name is an alias of; undefined for one that is none, or is none any more. */
  readonly aliasOf: string | undefined;
  /** Revision of the document. */
  readonly revision: bigint;
  readonly updateTime: Date;
}

/** What a document of the collection holds. */
export interface RegistrationContent {
  readonly model?: Model | undefined;
  readonly state?: ModelState | undefined;
  readonly aliasOf?: string | undefined;
  /** Why the state was changed, in the words of whoever did. */
  readonly reason?: string | undefined;
}

const COLLECTION = 'models';
const SCHEMA = 'atelier.provider.v1.ModelRegistration';

/**
 * The collection of registrations. Documents are read as plain JSON and interpreted by `readRegistration`, so that one
 * which a later version wrote cannot end the watch over all.
 */
export function registrationCollection(client: DocumentClient): Collection<JsonObject> {
  const same = (content: JsonObject) => content;
  return new Collection({
    client,
    collection: COLLECTION,
    codec: { schema: SCHEMA, encode: same, decode: same },
  });
}

/** The content of a document for a registration. */
export function writeRegistration({ model, state, aliasOf, reason }: RegistrationContent): JsonObject {
  const content: JsonObject = {};
  if (model !== undefined) content.model = toJson(ModelSchema, model);
  if (state !== undefined) content.state = enumToJson(ModelStateSchema, state) as string;
  if (aliasOf !== undefined) content.alias_of = aliasOf;
  if (reason !== undefined && reason !== '') content.reason = reason;
  return content;
}

/** The registration in a document. Throws where it holds none that this version can read. */
export function readRegistration(document: StoredDocument<JsonObject>): Registration {
  const { model, state, alias_of: aliasOf } = document.value;
  return {
    name: `models/${document.id}`,
    model: model === undefined ? undefined : fromJson(ModelSchema, model, { ignoreUnknownFields: true }),
    state:
      typeof state === 'string' ? enumFromJson(ModelStateSchema, state as 'MODEL_STATE_DISABLED') : undefined,
    aliasOf: typeof aliasOf === 'string' ? aliasOf : undefined,
    revision: document.revision,
    updateTime: document.updateTime,
  };
}
