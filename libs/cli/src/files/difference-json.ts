import type { JsonValue } from '@bufbuild/protobuf';
import type { Difference } from './difference.ts';

/** Differences for programs: null where a side has nothing. */
export function differencesJson(found: readonly Difference[]): JsonValue {
  return found.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null }));
}
