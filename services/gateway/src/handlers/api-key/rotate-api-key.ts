import type { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import { failedPrecondition, type Handlers } from '@atelier/rpc';
import type { KeySecret } from '../../identity/key-record.ts';
import { digestOf, newSecret, prefixOf } from '../../identity/secret-digest.ts';
import { checkGrant, checkKeyAccess } from './access.ts';
import type { ApiKeyDeps } from './deps.ts';

/** Makes a new secret; the old one stays good for as long as was asked. */
export function rotateApiKey({ keys, now }: ApiKeyDeps): Handlers<typeof ApiKeyService>['rotateApiKey'] {
  return async ({ name, overlapSeconds }, context) => {
    const secret = newSecret();
    const until = new Date(now().getTime() + overlapSeconds * 1_000);
    const apiKey = await keys.change(
      name,
      (record) => {
        checkKeyAccess(record.apiKey, context);
        checkGrant(record.apiKey, context);
        if (record.apiKey.revokeTime !== undefined) {
          throw failedPrecondition(`${name} is revoked.`, {
            reason: 'WRONG_STATE',
            metadata: { resource: name },
          });
        }
        const old = overlapSeconds === 0 ? [] : record.secrets.map((known) => endingBy(known, until));
        return {
          apiKey: { ...record.apiKey, prefix: prefixOf(secret) },
          secrets: [{ sha256: digestOf(secret) }, ...old.filter(({ expireTime }) => expireTime > now())],
        };
      },
      context,
    );
    return { apiKey, secret };
  };
}

/** A secret that was rotated out before is not made good for longer. */
function endingBy({ sha256, expireTime }: KeySecret, until: Date): KeySecret & { readonly expireTime: Date } {
  return { sha256, expireTime: expireTime !== undefined && expireTime < until ? expireTime : until };
}
