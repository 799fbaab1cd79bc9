import type { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import { type ApiKey, ApiKeySchema } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { type CallContext, type Handlers, invalidArgument } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import { digestOf, newSecret, prefixOf } from '../../identity/secret-digest.ts';
import { teamAsked } from '../../identity/team-access.ts';
import { missingReference } from '../../resources/not-found.ts';
import { checkGrant } from './access.ts';
import type { ApiKeyDeps } from './deps.ts';

/** Makes a key and shows its secret, which is never shown again. */
export function createApiKey(deps: ApiKeyDeps): Handlers<typeof ApiKeyService>['createApiKey'] {
  return async ({ apiKey: asked }, context) => {
    if (asked === undefined) throw invalidArgument('api_key', 'is required');
    const team = teamAsked(asked.team, context);
    checkGrant(asked, context);
    if (asked.expireTime !== undefined && timestampMs(asked.expireTime) <= deps.now().getTime()) {
      throw invalidArgument('api_key.expire_time', 'is past');
    }
    await checkExists(asked, team, deps, context);
    const secret = newSecret();
    const { project, displayName, scopes, expireTime } = asked;
    const apiKey = create(ApiKeySchema, {
      name: `keys/${uuidv7()}`,
      team,
      project,
      displayName,
      scopes,
      createTime: timestampFromDate(deps.now()),
      prefix: prefixOf(secret),
      ...(expireTime !== undefined && { expireTime }),
    });
    await deps.keys.create({ apiKey, secrets: [{ sha256: digestOf(secret) }] }, context);
    return { apiKey, secret };
  };
}

async function checkExists(
  { project }: ApiKey,
  team: string,
  { teams, projects }: ApiKeyDeps,
  context: CallContext,
): Promise<void> {
  if ((await teams.get(team, context)) === undefined) throw missingReference('api_key.team', team);
  if (project === '') return;
  const found = /^projects\/[a-z][a-z0-9-]{0,62}$/.test(project)
    ? await projects.get(project, context)
    : undefined;
  if (found?.team !== team) throw missingReference('api_key.project', project);
}
