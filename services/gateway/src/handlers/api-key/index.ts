import type { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { createApiKey } from './create-api-key.ts';
import type { ApiKeyDeps } from './deps.ts';
import { listApiKeys } from './list-api-keys.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';

/** The handlers of ApiKeyService. */
export function apiKeyHandlers(deps: ApiKeyDeps): Handlers<typeof ApiKeyService> {
  return {
    createApiKey: createApiKey(deps),
    listApiKeys: listApiKeys(deps),
    rotateApiKey: rotateApiKey(deps),
    revokeApiKey: revokeApiKey(deps),
  };
}
