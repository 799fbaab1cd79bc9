import type { RecordKind, RevisedKind } from './record-kinds.ts';

/** The prefix of all records. */
export const RECORDS_PREFIX = 'records/';

/** The prefix of the markers of what is not in the warehouse yet. */
export const PENDING_PREFIX = 'pending/';

/** Stands for the platform where a team's id stands for others; no team's id begins so. */
const PLATFORM = '_platform';

/** The id within a resource name such as `teams/red`. */
export function idOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** The segment of a key that stands for a team, `teams/{id}` or empty. */
export function teamSegment(team: string): string {
  return team === '' ? PLATFORM : idOf(team);
}

/** The team that a segment of a key stands for. */
export function teamOfSegment(segment: string): string {
  return segment === PLATFORM ? '' : `teams/${segment}`;
}

/** Under which all revisions of one thing are. */
export function revisionsPrefix(kind: RevisedKind, team: string, id: string): string {
  return `${RECORDS_PREFIX}${teamSegment(team)}/${kind}/${id}/`;
}

/** The key of one revision, padded so that keys sort by number. */
export function revisionKey(kind: RevisedKind, team: string, id: string, revision: number): string {
  return `${revisionsPrefix(kind, team, id)}${String(revision).padStart(10, '0')}`;
}

/** Under which all decisions on one image are, so that a generation is read with its review without an index. */
export function reviewsPrefix(team: string, image: string): string {
  return `${RECORDS_PREFIX}${teamSegment(team)}/reviews/${idOf(image)}/`;
}

/** The key of a segment of events, by month of writing and time-ordered id. */
export function segmentKey(
  kind: Exclude<RecordKind, RevisedKind>,
  team: string,
  time: Date,
  id: string,
): string {
  return `${RECORDS_PREFIX}${teamSegment(team)}/${kind}/${time.toISOString().slice(0, 7)}/${id}`;
}
