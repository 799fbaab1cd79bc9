import type { DocumentCodec } from '@atelier/documents';
import { type ApiKey, ApiKeySchema } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { type Scope, scopeOf } from './scopes.ts';

/** One secret of a key, hashed. */
export interface KeySecret {
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** When a secret that was rotated out stops being good. */
  readonly expireTime?: Date | undefined;
}

/** A key as it is kept: what callers see of it, and its secrets, hashed. */
export interface KeyRecord {
  readonly apiKey: ApiKey;
  /** The newest first. */
  readonly secrets: readonly KeySecret[];
}

/** What the authenticator needs to know of a key. */
export interface KnownKey {
  readonly id: string;
  readonly team: string;
  readonly project: string | undefined;
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly expireTime: Date | undefined;
  readonly secrets: readonly KeySecret[];
}

/** How keys are written to and read from documents. */
export const keyCodec: DocumentCodec<KeyRecord> = {
  schema: 'atelier.gateway.v1.ApiKey+secrets',
  encode: ({ apiKey, secrets }) => ({
    apiKey: toJson(ApiKeySchema, apiKey),
    secrets: secrets.map(({ sha256, expireTime }) => ({
      sha256,
      ...(expireTime !== undefined && { expireTime: expireTime.toISOString() }),
    })),
  }),
  decode: (content) => ({
    apiKey: fromJson(ApiKeySchema, content.apiKey ?? null, { ignoreUnknownFields: true }),
    secrets: asArray(content.secrets).map(readSecret),
  }),
};

function asArray(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new TypeError('secrets must be a list');
  return value;
}

function readSecret(value: JsonValue): KeySecret {
  const { sha256, expireTime } = value as JsonObject;
  if (typeof sha256 !== 'string') throw new TypeError('a secret must have a digest');
  return { sha256, ...(typeof expireTime === 'string' && { expireTime: new Date(expireTime) }) };
}

/** A record as the authenticator knows it; undefined where the key is revoked. */
export function knownKey({ apiKey, secrets }: KeyRecord): KnownKey | undefined {
  if (apiKey.revokeTime !== undefined) return undefined;
  return {
    id: apiKey.name.slice('keys/'.length),
    team: apiKey.team,
    project: apiKey.project === '' ? undefined : apiKey.project,
    subject: apiKey.displayName === '' ? apiKey.name : apiKey.displayName,
    scopes: apiKey.scopes.map(scopeOf).filter((scope) => scope !== undefined),
    expireTime: apiKey.expireTime === undefined ? undefined : timestampDate(apiKey.expireTime),
    secrets,
  };
}
