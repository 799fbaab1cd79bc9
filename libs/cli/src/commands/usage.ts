import { fullName } from '@atelier/client';
import { UsageKindSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { UsageDimensionSchema, type UsageRow } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { QueryUsageResponseSchema } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { enumWord, formatCost, formatMicroUsd, formatTime } from '../output/format.ts';
import { table } from '../output/table.ts';
import { parseEnum, parseTime } from '../request/values.ts';
import { define, type Runtime } from './define.ts';

interface UsageOptions {
  readonly by: string;
  readonly project?: string;
  readonly team?: string;
  readonly model?: string;
  readonly since?: string;
  readonly until?: string;
}

/** `atelier usage`: what was spent. */
export function addUsage(program: Command, runtime: Runtime): void {
  define<UsageOptions>(program, runtime, {
    usage: 'usage',
    summary: 'Shows what was spent, and what an approved image cost. The default is the current month.',
    options: (command) =>
      command
        .option('--by <list>', 'team, project, model, day, month or kind, between commas', 'project,model')
        .option('-p, --project <name>', 'only of this project')
        .option('--team <name>', "only of this team (default: the caller's)")
        .option('-m, --model <name>', 'only of this model, judge or writer')
        .option('--since <time>', 'at or after')
        .option('--until <time>', 'before'),
    examples: ['usage', 'usage --by day,kind --since 2026-11-01 --json'],
    run: async ({ services, call, out }, _, { by, project, team, model, since, until }) => {
      const query = {
        project: fullName('projects', project),
        team: fullName('teams', team),
        model: model === undefined || model.includes('/') ? (model ?? '') : fullName('models', model),
        groupBy: by
          .split(',')
          .filter(Boolean)
          .map((text) => parseEnum('--by', UsageDimensionSchema, text.trim())),
        ...(since !== undefined && { startTime: timestampFromDate(parseTime('--since', since)) }),
        ...(until !== undefined && { endTime: timestampFromDate(parseTime('--until', until)) }),
      };
      const answer = await services.usage.queryUsage({ query }, call);
      const rows = [...answer.rows, ...(answer.total === undefined ? [] : [answer.total])];
      out.message(QueryUsageResponseSchema, answer, [
        ...usageTable(rows, answer.rows.length),
        ...(answer.asOf === undefined ? [] : [`as of ${formatTime(answer.asOf)}`]),
      ]);
      return 0;
    },
  });
}

function usageTable(rows: readonly UsageRow[], totalAt: number): string[] {
  const cells = rows.map((row, index) => {
    const what = [
      row.team,
      row.project,
      row.model,
      row.period,
      row.kind === 0 ? '' : enumWord(UsageKindSchema, row.kind),
    ];
    return [
      index === totalAt ? 'all' : what.filter(Boolean).join(' · '),
      formatCost(row.cost),
      count(row.images),
      count(row.approvedByGate),
      row.microUsdPerGateApproval === undefined ? '' : formatMicroUsd(row.microUsdPerGateApproval),
      count(row.approvedByPeople),
      row.microUsdPerPeopleApproval === undefined ? '' : formatMicroUsd(row.microUsdPerPeopleApproval),
      count(row.unpricedEvents),
    ];
  });
  return table(
    ['what', 'cost', 'images', 'approved by gate', 'each', 'approved by people', 'each', 'unpriced'],
    cells,
  );
}

function count(number: bigint): string {
  return number === 0n ? '' : String(number);
}
