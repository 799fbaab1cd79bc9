import type { Record as StoredRecord } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { FieldViolation } from '@atelier/rpc';
import type { RecordBatch } from '../records/records.ts';

const TEAM = /^teams\/[a-z][a-z0-9-]{0,62}$/;
const GENERATION = /^generations\/[0-9a-f-]{36}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a record lacks that its key or its place in the index is made of. */
export function violationsOf({ record }: StoredRecord): FieldViolation[] {
  const wrong: FieldViolation[] = [];
  const check = (isRight: boolean, field: string, description: string) => {
    if (!isRight) wrong.push({ field: `${record.case}.${field}`, description });
  };
  switch (record.case) {
    case 'generation':
      check(GENERATION.test(record.value.name), 'name', 'must be generations/{uuid}');
      check(record.value.createTime !== undefined, 'create_time', 'is required');
      check(record.value.revision >= 0n, 'revision', 'must not be negative');
      break;
    case 'usage':
      check(record.value.usage !== undefined, 'usage', 'is required');
      check(record.value.eventTime !== undefined, 'event_time', 'is required');
      break;
    case 'review':
      check(UUID.test(record.value.id), 'id', 'must be a UUID');
      check(record.value.createTime !== undefined, 'create_time', 'is required');
      break;
    case 'audit':
      check(UUID.test(record.value.id), 'id', 'must be a UUID');
      check(record.value.eventTime !== undefined, 'event_time', 'is required');
      break;
  }
  const team = teamOf({ record });
  // What happens to the platform itself belongs to no team.
  check(TEAM.test(team) || (team === '' && record.case === 'audit'), 'team', 'must be teams/{id}');
  return wrong;
}

/** Records sorted by kind; undefined where they are not all of one team. */
export function batchOf(records: readonly StoredRecord[]): RecordBatch | undefined {
  const [team = '', ...others] = new Set(records.map(teamOf));
  if (others.length > 0) return undefined;
  const of = <C extends NonNullable<StoredRecord['record']['case']>>(kind: C) =>
    records.flatMap(({ record }) =>
      record.case === kind ? [record.value as Extract<StoredRecord['record'], { case: C }>['value']] : [],
    );
  return {
    team,
    generations: of('generation'),
    usage: of('usage'),
    reviews: of('review'),
    audit: of('audit'),
  };
}

function teamOf({ record }: Pick<StoredRecord, 'record'>): string {
  return record.value?.team ?? '';
}
