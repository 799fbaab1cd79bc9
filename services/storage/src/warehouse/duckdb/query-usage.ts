import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  UsageDimension,
  type UsageRow,
  UsageRowSchema,
} from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { UsageFilter, UsageReport } from '../warehouse.ts';
import { Conditions } from './conditions.ts';
import type { Line, Parameter, Session } from './session.ts';

/** Lines of a report beyond which the cheapest are left out. */
const MAX_ROWS = 10_000;

/** Columns by dimension. Days and months are both the period; a report by both is by day. */
const COLUMNS: Readonly<Record<number, string>> = {
  [UsageDimension.TEAM]: 'team',
  [UsageDimension.PROJECT]: 'project',
  [UsageDimension.MODEL]: 'model',
  [UsageDimension.DAY]: "strftime(time, '%Y-%m-%d')",
  [UsageDimension.MONTH]: "strftime(time, '%Y-%m')",
  [UsageDimension.KIND]: 'kind',
};

const NAMES: Readonly<Record<number, string>> = {
  [UsageDimension.TEAM]: 'team',
  [UsageDimension.PROJECT]: 'project',
  [UsageDimension.MODEL]: 'model',
  [UsageDimension.DAY]: 'period',
  [UsageDimension.MONTH]: 'period',
  [UsageDimension.KIND]: 'kind',
};

/**
 * Adds up the ledger beside what came of it. Spending counts when it happened, images when they were committed, the
 * gate's approvals when the generation ended, people's when they decided.
 */
export async function queryUsage(session: Session, filter: UsageFilter): Promise<UsageReport> {
  const { sources, parameters } = sourcesOf(filter);
  const dimensions = dimensionsOf(filter.groupBy);
  const read = (chosen: readonly UsageDimension[]) =>
    session
      .read(statement(sources, chosen), parameters)
      .then((lines) => lines.map((line) => rowOf(line, chosen)));
  const rows = await read(dimensions);
  const [total = create(UsageRowSchema)] = await read([]);
  return { rows, total };
}

function dimensionsOf(groupBy: readonly UsageDimension[]): readonly UsageDimension[] {
  return groupBy.includes(UsageDimension.DAY)
    ? groupBy.filter((one) => one !== UsageDimension.MONTH)
    : groupBy;
}

function statement(sources: string, dimensions: readonly UsageDimension[]): string {
  const keys = dimensions.map((one) => `${COLUMNS[one]} AS ${NAMES[one]}`);
  const names = dimensions.map((one) => NAMES[one]);
  const sums = ['micro_usd', 'events', 'unpriced', 'estimated', 'incomplete', 'images', 'gate', 'people'];
  return `
    SELECT ${[...keys, ...sums.map((column) => `coalesce(sum(${column}), 0) AS ${column}`)].join(', ')}
    FROM (${sources})
    ${names.length === 0 ? '' : `GROUP BY ALL`}
    ORDER BY ${['micro_usd DESC', ...names].join(', ')} LIMIT ${MAX_ROWS}`;
}

/** One line per event, image and approval, all of one shape. */
function sourcesOf(filter: UsageFilter): {
  readonly sources: string;
  readonly parameters: readonly Parameter[];
} {
  const parameters: Parameter[] = [];
  const conditions = (time: string) =>
    new Conditions(parameters)
      .reach(filter.reach)
      .equal('project', filter.project)
      .equal('model', filter.model)
      .period(time, filter);
  const sources = `
    SELECT team, project, model, event_time AS time, kind, micro_usd, 1 AS events,
      (micro_usd IS NULL)::INTEGER AS unpriced, (basis = 'ESTIMATED')::INTEGER AS estimated,
      incomplete::INTEGER AS incomplete, 0 AS images, 0 AS gate, 0 AS people
    FROM usage WHERE ${conditions('event_time')}
    UNION ALL
    SELECT team, project, model, create_time, 'IMAGE', 0, 0, 0, 0, 0, 1, 0, 0
    FROM images WHERE origin = 'GENERATED' AND ${conditions('create_time')}
    UNION ALL
    SELECT team, project, model, end_time, '', 0, 0, 0, 0, 0, 0, 1, 0
    FROM generations WHERE outcome = 'APPROVED' AND ${conditions('end_time')}
    UNION ALL
    SELECT team, project, model, create_time, '', 0, 0, 0, 0, 0, 0, 0, 1
    FROM (
      SELECT r.*, coalesce(i.model, '') AS model FROM latest_reviews r LEFT JOIN images i ON i.id = r.image
    ) WHERE decision = 'APPROVED' AND ${conditions('create_time')}`;
  // Approvals have no kind of work, so a report by kind leaves them out.
  const byKind = filter.groupBy.includes(UsageDimension.KIND);
  return { sources: byKind ? `SELECT * FROM (${sources}) WHERE kind <> ''` : sources, parameters };
}

function rowOf(line: Line, dimensions: readonly UsageDimension[]): UsageRow {
  const count = (column: string) => BigInt(String(line[column] ?? 0));
  const [cost, gate, people] = [count('micro_usd'), count('gate'), count('people')];
  const [events, unpriced] = [count('events'), count('unpriced')];
  // Per model or kind a line holds but a part of what an approved image cost.
  const isWhole = !dimensions.includes(UsageDimension.MODEL) && !dimensions.includes(UsageDimension.KIND);
  const isUnknown = events > 0n && unpriced === events;
  return create(UsageRowSchema, {
    team: String(line.team ?? ''),
    project: String(line.project ?? ''),
    model: String(line.model ?? ''),
    period: String(line.period ?? ''),
    kind: UsageKind[String(line.kind ?? 'UNSPECIFIED') as keyof typeof UsageKind] ?? UsageKind.UNSPECIFIED,
    cost: {
      ...(!isUnknown && { microUsd: cost }),
      basis: isUnknown ? CostBasis.UNKNOWN : count('estimated') > 0n ? CostBasis.ESTIMATED : CostBasis.ACTUAL,
      incomplete: unpriced > 0n || count('incomplete') > 0n,
    },
    events,
    images: count('images'),
    approvedByGate: gate,
    approvedByPeople: people,
    unpricedEvents: unpriced,
    ...(isWhole && gate > 0n && !isUnknown && { microUsdPerGateApproval: share(cost, gate) }),
    ...(isWhole && people > 0n && !isUnknown && { microUsdPerPeopleApproval: share(cost, people) }),
  });
}

/** Rounded to the nearest; halves up. */
function share(amount: bigint, parts: bigint): bigint {
  return (2n * amount + parts) / (2n * parts);
}
