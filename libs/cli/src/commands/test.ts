import { join } from 'node:path';
import { AtelierError, Code, fullName } from '@atelier/client';
import { OutcomeSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { Exit } from '../exit-codes.ts';
import { readProjectDir, type SampleBrief } from '../files/project-dir.ts';
import { cycleRounds } from '../generation/arms.ts';
import { isApproved } from '../generation/outcome.ts';
import { saveResults } from '../generation/save.ts';
import { enumName, formatCost, formatMicroUsd, plural } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { parseInteger, parseNumber } from '../request/values.ts';
import type { Session } from '../session.ts';
import { imageCount, inParallel, type Summary, summarise, type Trial, trialRequest } from '../trial/trial.ts';
import { UsageError } from '../usage-error.ts';
import { define, type Runtime, repeatable } from './define.ts';

interface TestOptions {
  readonly model?: string;
  readonly seeds: string;
  readonly concurrency: string;
  readonly only: readonly string[];
  readonly minPassRate: string;
  readonly save?: string;
}

/** `atelier test`: runs the sample briefs of a folder. */
export function addTest(program: Command, runtime: Runtime): void {
  define<TestOptions>(program, runtime, {
    usage: 'test <dir>',
    summary:
      'Runs the sample briefs of a folder against its project, and prints pass rate and cost. Exits 3 below --min-pass-rate.',
    options: (command) => {
      command
        .option('-m, --model <name>', "model (default: the project's)")
        .option('--seeds <list>', 'seeds between commas; every brief runs with each', '1')
        .option('--concurrency <n>', 'generations at once', '2');
      repeatable(command, '--only <id>', 'only this brief; repeatable');
      command
        .option('--min-pass-rate <share>', 'share that must be approved, 0 to 1', '0')
        .option('--save <dir>', 'save the images to a folder, as BRIEF-SEED.png');
    },
    examples: [
      'test deploy/samples/produce-cutouts --seeds 1,2,3 --concurrency 4',
      'test deploy/samples/produce-cutouts --only apples --model studio-pro --save images',
    ],
    run: runTest,
  });
}

async function runTest(session: Session, [folder = '']: readonly string[], options: TestOptions) {
  const { out } = session;
  const minPassRate = parseNumber('--min-pass-rate', options.minPassRate);
  const seeds = options.seeds.split(',').map((seed) => parseInteger('--seeds', seed.trim()));
  const atOnce = parseInteger('--concurrency', options.concurrency, 1, 64);
  const dir = await readProjectDir(folder);
  const briefs = choose(dir.briefs, options.only, folder);
  const work = seeds.flatMap((seed) => briefs.map((brief) => ({ brief, seed })));
  const idWidth = Math.max(...briefs.map(({ id }) => id.length));
  const trials = await inParallel(work, atOnce, async ({ brief, seed }) => {
    const trial = await runOne(session, brief, seed, fullName('models', options.model));
    out.lines(trialLine(trial, idWidth, out.style));
    if (options.save !== undefined && trial.generation !== undefined)
      await saveResults(
        session,
        trial.generation,
        join(options.save, `${brief.id}-${seed}.${extension(trial)}`),
      );
    return trial;
  });
  const summary = summarise(trials);
  const rate = summary.approved / summary.trials;
  out.result(json(dir.project.name, trials, summary), ['', ...summaryLines(summary)]);
  if (summary.errors > 0) return Exit.FAILED;
  return rate < minPassRate ? Exit.NOT_APPROVED : Exit.OK;
}

function choose(
  briefs: readonly SampleBrief[],
  only: readonly string[],
  folder: string,
): readonly SampleBrief[] {
  if (briefs.length === 0) throw new UsageError(`${folder}: there is no briefs.yaml, or it is empty`);
  const missing = only.filter((id) => !briefs.some((brief) => brief.id === id));
  if (missing.length > 0)
    throw new UsageError(`--only: there is no brief ${missing.join(', ')} in ${folder}`);
  return only.length === 0 ? briefs : briefs.filter(({ id }) => only.includes(id));
}

/** One generation. What concerns every brief alike, such as a project that was not applied, ends the whole run. */
async function runOne(session: Session, brief: SampleBrief, seed: number, model: string): Promise<Trial> {
  try {
    const generation = await session.atelier.generate(trialRequest(brief, seed, model), session.call);
    return { id: brief.id, seed, generation, error: undefined };
  } catch (error) {
    if (!(error instanceof AtelierError) || session.signal.aborted) throw error;
    const concernsAll: readonly Code[] = [
      Code.NOT_FOUND,
      Code.UNAUTHENTICATED,
      Code.PERMISSION_DENIED,
      Code.UNAVAILABLE,
      Code.RESOURCE_EXHAUSTED,
    ];
    if (concernsAll.includes(error.code)) throw error;
    return { id: brief.id, seed, generation: undefined, error };
  }
}

function extension({ generation }: Trial): string {
  return (generation?.results[0]?.image?.mediaType ?? 'image/png')
    .replace('image/', '')
    .replace('jpeg', 'jpg');
}

function trialLine({ id, seed, generation, error }: Trial, idWidth: number, style: Style): string {
  const head = `${id.padEnd(idWidth)}  seed ${seed}`;
  if (generation === undefined) return `${style.red('✗')} ${head}  ${(error as Error).message}`;
  const mark = isApproved(generation) ? style.green('✓') : style.red('✗');
  const failed = generation.failedQuestions.map(({ questionId }) => questionId).join(', ');
  const words = [
    enumName(OutcomeSchema, generation.outcome),
    plural(cycleRounds(generation).length, 'round'),
    plural(imageCount(generation), 'image'),
    formatCost(generation.cost),
    failed === '' ? '' : `not passed: ${failed}`,
  ];
  return `${mark} ${head}  ${words.filter(Boolean).join(', ')}`;
}

function summaryLines({
  trials,
  approved,
  approvedAtFirst,
  errors,
  rounds,
  images,
  microUsd,
}: Summary): string[] {
  const share = (count: number) => `${count} of ${trials} (${((100 * count) / trials).toFixed(0)} %)`;
  const cost = microUsd === undefined ? 'unknown' : formatMicroUsd(microUsd);
  const each =
    microUsd === undefined || approved === 0
      ? ''
      : `, ${formatMicroUsd(microUsd / BigInt(approved))} for each approved`;
  return [
    `Approved       ${share(approved)}`,
    `  at round 0   ${share(approvedAtFirst)}`,
    ...(errors === 0 ? [] : [`Errors         ${share(errors)}`]),
    `Rounds         ${rounds}, images ${images}`,
    `Cost           ${cost}${each}`,
  ];
}

function json(project: string, trials: readonly Trial[], summary: Summary): JsonValue {
  const { microUsd, ...counts } = summary;
  return {
    project,
    ...counts,
    passRate: summary.approved / summary.trials,
    microUsd: microUsd === undefined ? null : String(microUsd),
    results: trials.map(({ id, seed, generation, error }) => ({
      id,
      seed,
      generation: generation?.name ?? null,
      outcome: generation === undefined ? null : enumName(OutcomeSchema, generation.outcome),
      approved: generation !== undefined && isApproved(generation),
      rounds: generation === undefined ? 0 : cycleRounds(generation).length,
      images: generation === undefined ? 0 : imageCount(generation),
      microUsd: generation?.cost?.microUsd === undefined ? null : String(generation.cost.microUsd),
      failedQuestions: (generation?.failedQuestions ?? []).map(({ questionId }) => questionId),
      image: generation?.results[0]?.image?.name ?? null,
      error: error === undefined ? null : (error as Error).message,
    })),
  };
}
