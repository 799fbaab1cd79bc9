import { fullName } from '@atelier/client';
import {
  type Generation,
  GenerationSchema,
  GenerationState,
  GenerationStateSchema,
  OutcomeSchema,
  ReviewDecisionSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { endLines } from '../generation/end-lines.ts';
import { explainLines } from '../generation/explain.ts';
import { checkFollowOptions, type FollowOptions, finish, followToEnd } from '../generation/follow.ts';
import { readGeneration } from '../generation/read.ts';
import { enumName, formatCost, formatTime } from '../output/format.ts';
import { table } from '../output/table.ts';
import { plain } from '../output/text.ts';
import { collect } from '../paging.ts';
import { parseEnum, parseInteger, parsePairs, parseTime } from '../request/values.ts';
import { addLimit, define, type Runtime, repeatable } from './define.ts';

/** `atelier watch`, `get`, `list`, `cancel` and `explain`: what there is of generations. */
export function addGenerationCommands(program: Command, runtime: Runtime): void {
  define<FollowOptions & { after: string }>(program, runtime, {
    usage: 'watch <generation>',
    summary: 'Shows the rounds of a generation, those that are over and those that come, up to its end.',
    options: (command) =>
      command
        .option('--after <n>', 'only events after this number', '0')
        .option('-o, --output <file>', 'save the image')
        .option('--events', 'with --json: one line for each event'),
    examples: ['watch generations/0190c0de-0000-7000-8000-000000000001 -o apples.png'],
    run: (session, [name = ''], options) => {
      checkFollowOptions(session, options);
      const after = BigInt(parseInteger('--after', options.after));
      return followToEnd(session, session.atelier.watch(name, after, session.call), options);
    },
  });
  define<{ output?: string }>(program, runtime, {
    usage: 'get <generation>',
    summary: 'Shows where a generation is or how it ended, and saves its image.',
    options: (command) => command.option('-o, --output <file>', 'save the image'),
    run: async (session, [name = ''], { output }) => {
      const generation = await readGeneration(session, name, output !== undefined);
      if (output !== undefined) {
        const code = await finish(session, generation, output);
        return generation.state === GenerationState.ENDED ? code : 0;
      }
      session.out.message(
        GenerationSchema,
        generation,
        endLines(generation, session.out.style, session.out.width),
      );
      return 0;
    },
  });
  define<{ verbose?: boolean }>(program, runtime, {
    usage: 'explain <generation>',
    summary:
      'Says in words why a generation ended as it did: prompts, verdicts, changes and cost of each round.',
    options: (command) =>
      command.option(
        '-v, --verbose',
        'also who answered with which p, receipts, requests, the control arm and every version',
      ),
    examples: [
      'explain generations/0190c0de-0000-7000-8000-000000000001',
      'explain generations/0190c0de-0000-7000-8000-000000000001 --verbose',
    ],
    run: async (session, [name = ''], { verbose = false }) => {
      const generation = await readGeneration(session, name, false);
      const { style, width } = session.out;
      session.out.message(GenerationSchema, generation, explainLines(generation, { style, width, verbose }));
      return 0;
    },
  });
  define<{ reason: string }>(program, runtime, {
    usage: 'cancel <generation>',
    summary: 'Cancels a running generation, at the provider too. The best images so far stay.',
    options: (command) => command.option('--reason <text>', 'why, for the record', ''),
    run: async ({ services, call, out }, [name = ''], { reason }) => {
      const request = { name: fullName('generations', name), reason };
      const { generation } = await services.generations.cancelGeneration(request, call);
      if (generation !== undefined)
        out.message(GenerationSchema, generation, endLines(generation, out.style, out.width));
      return 0;
    },
  });
  addList(program, runtime);
}

interface ListOptions {
  readonly project?: string;
  readonly subject?: string;
  readonly model?: string;
  readonly outcome?: string;
  readonly state?: string;
  readonly review?: string;
  readonly since?: string;
  readonly until?: string;
  readonly label: readonly string[];
  readonly limit: string;
}

function addList(program: Command, runtime: Runtime): void {
  define<ListOptions>(program, runtime, {
    usage: 'list',
    summary: 'Lists generations, newest first.',
    options: (command) => {
      command
        .option('-p, --project <name>', 'only of this project')
        .option('--subject <id>', 'only of this subject')
        .option('-m, --model <name>', 'only with this model in the first round')
        .option('--outcome <outcome>', 'only with this outcome, such as exhausted')
        .option('--state <state>', 'only in this state, such as running')
        .option('--review <decision>', 'only approved or rejected by a person')
        .option('--since <time>', 'only created at or after')
        .option('--until <time>', 'only created before');
      repeatable(command, '--label <key=value>', 'only with this label; repeatable');
      addLimit(command);
    },
    examples: ['list --project produce-cutouts --outcome exhausted --since 2026-11-01'],
    run: async ({ services, call, out }, _, options) => {
      const filters = filtersOf(options);
      const found = await collect(
        parseInteger('--limit', options.limit, 1),
        500,
        async (pageSize, pageToken) => {
          const answer = await services.generations.listGenerations(
            { ...filters, pageSize, pageToken },
            call,
          );
          return { items: answer.generations, nextPageToken: answer.nextPageToken };
        },
      );
      out.messages(GenerationSchema, found, generationTable(found));
      return 0;
    },
  });
}

function filtersOf(options: ListOptions) {
  const { project, subject, model, outcome, state, review, since, until, label } = options;
  return {
    project: fullName('projects', project),
    subjectId: subject ?? '',
    model: fullName('models', model),
    labels: parsePairs('--label', label),
    ...(outcome !== undefined && { outcome: parseEnum('--outcome', OutcomeSchema, outcome) }),
    ...(state !== undefined && { state: parseEnum('--state', GenerationStateSchema, state) }),
    ...(review !== undefined && { review: parseEnum('--review', ReviewDecisionSchema, review) }),
    ...(since !== undefined && { startTime: timestampFromDate(parseTime('--since', since)) }),
    ...(until !== undefined && { endTime: timestampFromDate(parseTime('--until', until)) }),
  };
}

/** Generations as a table, as lists and the review queue show them. */
export function generationTable(generations: readonly Generation[]): string[] {
  const rows = generations.map(({ name, state, outcome, request, model, cost, createTime, results }) => [
    name,
    state === GenerationState.ENDED
      ? enumName(OutcomeSchema, outcome)
      : enumName(GenerationStateSchema, state),
    plain(request?.subjectId ?? ''),
    model.replace('models/', ''),
    formatCost(cost),
    formatTime(createTime),
    results[0]?.image?.name ?? '',
  ]);
  return table(['generation', 'outcome', 'subject', 'model', 'cost', 'created', 'image'], rows);
}
