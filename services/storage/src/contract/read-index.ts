import { unavailable } from '@atelier/rpc';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { type PageRequest, type Period, WarehouseUnavailable } from '../warehouse/warehouse.ts';
import { readPageToken } from './page-token.ts';

/** Time for which a list waits for what was written just before, in milliseconds. */
const FLUSH_MS = 2_000;

/**
 * Reads from the index once it has caught up, or soon. Gives the answer and as of when it is; throws UNAVAILABLE
 * (WAREHOUSE_UNAVAILABLE) where the index is away.
 */
export async function readIndex<T>(
  { loader }: StorageContext,
  read: () => Promise<T>,
): Promise<{ readonly answer: T; readonly asOf: Timestamp }> {
  await loader.flush(FLUSH_MS);
  const { asOf } = loader.status();
  try {
    return { answer: await read(), asOf: timestampFromDate(asOf) };
  } catch (error) {
    if (!(error instanceof WarehouseUnavailable)) throw error;
    throw unavailable('The index over the records cannot answer now.', {
      reason: 'WAREHOUSE_UNAVAILABLE',
      cause: error,
    });
  }
}

/** The page that a request asks for, with the default size where it names none. */
export function pageRequest(
  request: { readonly pageSize: number; readonly pageToken: string },
  filters: unknown,
  defaultSize: number,
): PageRequest {
  const [micros, id] = readPageToken(request.pageToken, filters, 2) ?? [];
  const size = request.pageSize === 0 ? defaultSize : request.pageSize;
  return { size, after: micros === undefined || id === undefined ? undefined : [micros, id] };
}

/** The period that a request asks for. */
export function periodOf(request: {
  readonly startTime?: Timestamp | undefined;
  readonly endTime?: Timestamp | undefined;
}): Period {
  const { startTime, endTime } = request;
  return { start: startTime && timestampDate(startTime), end: endTime && timestampDate(endTime) };
}
