import { alreadyExists, type RpcError } from '@atelier/rpc';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { HeaderRecord } from './header-record.ts';
import type { LibraryHeader } from './library-types.ts';

/** For how long a repeated attempt to create gets the resource that the first one made. */
const REQUEST_ID_MS = 7 * 24 * 3_600_000;

/**
 * Why an attempt of the team to create a resource is refused although it may be a repeat of the one that made it;
 * undefined where it is that repeat.
 */
export function refusal(
  { resource, created }: HeaderRecord<LibraryHeader>,
  team: string,
  attempt: HeaderRecord<LibraryHeader>['created'],
  now: Date,
): RpcError | undefined {
  const { name, createTime } = resource;
  const options = { metadata: { resource: name } };
  const ageMs = createTime === undefined ? Number.POSITIVE_INFINITY : now.getTime() - timestampMs(createTime);
  const isSameRequest = attempt.request !== '' && attempt.request === created.request;
  if (resource.team !== team || !isSameRequest || ageMs >= REQUEST_ID_MS) {
    return alreadyExists(`${name} exists.`, options);
  }
  if (attempt.body === created.body) return undefined;
  return alreadyExists(`The same request_id made ${name} with another body.`, {
    reason: 'REQUEST_ID_REUSED',
    ...options,
  });
}
