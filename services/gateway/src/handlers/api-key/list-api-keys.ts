import type { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import type { ApiKey } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { teamAsked } from '../../identity/team-access.ts';
import { listPage } from '../../resources/list-page.ts';
import type { ApiKeyDeps } from './deps.ts';

/** Lists a team's keys, oldest first, without their secrets. */
export function listApiKeys({ keys, now }: ApiKeyDeps): Handlers<typeof ApiKeyService>['listApiKeys'] {
  return async (request, context) => {
    const team = teamAsked(request.team, context);
    const at = now().getTime();
    const filter = {
      team,
      filters: ['api-keys', team, request.includeRevoked],
      keep: ({ value }: { value: { apiKey: ApiKey } }) => request.includeRevoked || isGood(value.apiKey, at),
    };
    const { documents, nextPageToken } = await listPage(keys.collection, request, filter, context);
    return { apiKeys: documents.map(({ value }) => value.apiKey), nextPageToken };
  };
}

function isGood({ revokeTime, expireTime }: ApiKey, at: number): boolean {
  return revokeTime === undefined && (expireTime === undefined || timestampMs(expireTime) > at);
}
