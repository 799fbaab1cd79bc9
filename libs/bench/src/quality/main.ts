// `npm run quality`: runs the sample briefs through the whole mesh and says what the gate and refinement are worth.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createAtelier } from '@atelier/client';
import { launchMesh } from '@atelier/launch';
import { reportOf, table } from './report.ts';
import { readBriefs, sampleProjects, samplesFolder } from './samples.ts';
import { runTrial, type Trial } from './trial.ts';

const HELP = `usage: npm run quality -- [options]

Runs the briefs of the sample projects on a mesh of its own and prints, for each project, the share approved by an image
of round 0 and at the end of the cycle, and beside it what the control arm reaches: the same cycle with a writer that
changes nothing. Shares come with their 95 % interval. Everything is seeded, so that the same code gives the same table.

  --json FILE    also write every trial and the reports as JSON
  --seed N       first seed; brief i has seed N + i. The default was not used while anything was tuned
  --model NAME   model in place of each project's own
  --project ID   only this sample project; may be repeated
  --help         this text
`;

/** Held out: nothing was tuned on seeds from here on. */
const DEFAULT_SEED = 7_100_000;
const CONCURRENCY = 2;
const cli = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));

const say = (text: string) => process.stdout.write(`${text}\n`);

const options = readOptions();
if (options?.help === true) say(HELP);
else if (options !== undefined) await main(options);

interface Options {
  readonly json?: string | undefined;
  readonly seed: number;
  readonly model?: string | undefined;
  readonly project?: readonly string[] | undefined;
  readonly help?: boolean | undefined;
}

/** The options; undefined, and the user told, where something is wrong with them. */
function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'string' },
        seed: { type: 'string' },
        model: { type: 'string' },
        project: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    });
    const seed = Number(values.seed ?? DEFAULT_SEED);
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new RangeError(`--seed ${values.seed}: it wants a whole number`);
    const unknown =
      values.project?.filter((project) => !(sampleProjects as readonly string[]).includes(project)) ?? [];
    if (unknown.length > 0) {
      throw new RangeError(`--project ${unknown.join(', ')}: the samples are ${sampleProjects.join(', ')}`);
    }
    return { ...values, seed };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main(options: Options): Promise<void> {
  const { seed: firstSeed } = options;
  const projects = options.project ?? sampleProjects;
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-quality-'));
  const mesh = await launchMesh({ dataDir, ports: 'free' });
  try {
    using atelier = createAtelier({ address: mesh.address });
    const trials: Trial[] = [];
    for (const project of projects) {
      await apply(mesh.address, join(samplesFolder, project));
      const briefs = await readBriefs(project);
      const seeded = briefs.map((brief, index) => ({ brief, seed: firstSeed + index }));
      const work = async () => {
        for (let next = seeded.shift(); next !== undefined; next = seeded.shift()) {
          trials.push(await runTrial(atelier, project, next.brief, next.seed, options.model));
          process.stderr.write('.');
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
      process.stderr.write('\n');
    }
    trials.sort((a, b) => a.seed - b.seed);
    const reports = projects.map((project) =>
      reportOf(
        project,
        trials.filter((trial) => trial.project === project),
      ),
    );
    say(table([...reports, reportOf('all', trials)]));
    if (options.json !== undefined) {
      await writeFile(options.json, `${JSON.stringify({ firstSeed, reports, trials }, null, 2)}\n`);
    }
  } finally {
    await mesh.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function apply(address: string, folder: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', cli, 'apply', folder, '--quiet'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ATELIER_ADDRESS: address },
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`atelier apply ${folder} ended with ${code}`);
}
