import type { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { checkKeyAccess } from './access.ts';
import type { ApiKeyDeps } from './deps.ts';

/** Makes a key useless: at once here, within seconds in other replicas. Its secrets are forgotten. */
export function revokeApiKey({ keys, now }: ApiKeyDeps): Handlers<typeof ApiKeyService>['revokeApiKey'] {
  return async ({ name }, context) => {
    const apiKey = await keys.change(
      name,
      (record) => {
        checkKeyAccess(record.apiKey, context);
        if (record.apiKey.revokeTime !== undefined) return undefined;
        return { apiKey: { ...record.apiKey, revokeTime: timestampFromDate(now()) }, secrets: [] };
      },
      context,
    );
    return { apiKey };
  };
}
