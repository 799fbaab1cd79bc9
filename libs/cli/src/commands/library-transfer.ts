import { fullName } from '@atelier/client';
import { planLibraries, runSteps } from '../apply/plan.ts';
import { stepJson, stepLines } from '../apply/step-output.ts';
import { readLibrarySources } from '../files/library-source.ts';
import { libraryText, libraryValue } from '../files/library-text.ts';
import { type WrittenFile, writeLibraryFile } from '../files/write-library.ts';
import { exportAll, exportVersion } from '../library/export.ts';
import type { Library } from '../library/library.ts';
import { versionName } from '../library/name.ts';
import type { Output } from '../output/output.ts';
import { collect } from '../paging.ts';
import { UsageError } from '../usage-error.ts';
import type { LibraryCommands } from './library-command.ts';

/** Most resources that an export of all takes. */
const MAX_EXPORTED = 10_000;

interface ExportOptions {
  readonly output?: string;
  readonly all?: string;
  readonly team?: string;
  readonly archived?: boolean;
}

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly promote?: boolean;
  readonly note?: string;
}

/** `export`, `import`: the library as files that live in git. */
export function addLibraryTransfer({ kind, noun, add }: LibraryCommands): void {
  add<ExportOptions>({
    usage: `export [${noun}]`,
    summary: `Writes a ${noun} as a file: the latest version, or NAME@N or NAME@ALIAS, with title, labels, who sees it and the aliases that point at it. With --all every ${noun}, each in a folder of its own, with what its aliases keep beside it as ${noun}@ALIAS.yaml. A file that says the same already stays as it is.`,
    options: (command) =>
      command
        .option('-o, --output <file>', 'where to write it (default: standard output)')
        .option('--all <dir>', `write every ${noun} into this folder, or where the folder has it already`)
        .option('--team <id>', `with --all: only this team's (default: also what the organisation shares)`)
        .option('--archived', 'with --all: also archived ones'),
    examples: [
      `${kind} export produce-cutout -o ${noun}.yaml`,
      `${kind} export produce-cutout@production`,
      `${kind} export --all library/ --team shop`,
    ],
    run: async (library, { out }, [name], options) => {
      if (options.all !== undefined) await exportToFolder(library, out, name, options.all, options);
      else await exportOne(library, out, name, options.output);
      return 0;
    },
  });
  add<ImportOptions>({
    usage: 'import <path...>',
    summary: `Brings ${kind} to what files and folders say: makes what is not there, adds versions where content differs, sets title, labels and who sees it. Everything is checked before anything is changed. To import the same files again changes nothing.`,
    options: (command) =>
      command
        .option('--dry-run', 'show what would change, and change nothing')
        .option('--promote', 'move aliases to what the files have for them, and production to new versions')
        .option('--note <text>', 'what changed, in words, for the new versions'),
    examples: [
      `${kind} import library/ --dry-run`,
      `${kind} import library/ --promote --note "$(git log -1 --format=%s)"`,
      `${kind} import deploy/starter/recipe`,
    ],
    run: async (library, { out }, paths, { dryRun = false, promote = false, note = '' }) => {
      const sources = await readLibrarySources(kind, paths);
      const work = sources.map((source) => ({ library, source }));
      const steps = await planLibraries(work, { promote, note });
      if (!dryRun) await runSteps(steps);
      if (out.json) out.result({ dryRun, resources: steps.map(stepJson) }, []);
      else out.lines([...(dryRun ? ['This would be done:'] : []), ...stepLines(steps, dryRun, out.style)]);
      return 0;
    },
  });
}

async function exportOne(
  library: Library,
  out: Output,
  name: string | undefined,
  output: string | undefined,
): Promise<void> {
  const { kind, noun, schemas } = library;
  if (name === undefined) throw new UsageError(`say which ${noun}, or --all DIR for every one`);
  const text = await exportVersion(library, versionName(kind, name, 'latest'));
  if (output === undefined) {
    out.result(libraryValue(schemas.content, text), [libraryText(schemas.content, text).replace(/\n$/, '')]);
    return;
  }
  tell(out, [await writeLibraryFile(kind, schemas.content, output, text)]);
}

async function exportToFolder(
  library: Library,
  out: Output,
  name: string | undefined,
  folder: string,
  { output, team, archived = false }: ExportOptions,
): Promise<void> {
  if (name !== undefined || output !== undefined)
    throw new UsageError('--all writes every one into its folder; leave the name and --output out');
  const heads = await collect(MAX_EXPORTED, 200, (size, token) =>
    library.list(size, token, { includeArchived: archived }),
  );
  const owner = fullName('teams', team);
  const wanted = heads.filter((head) => owner === '' || head.team === owner);
  tell(
    out,
    await exportAll(
      library,
      wanted.map((head) => head.name),
      folder,
    ),
  );
}

function tell(out: Output, files: readonly WrittenFile[]): void {
  out.result(
    files.map(({ file, action }) => ({ file, action })),
    files.length === 0 ? ['None.'] : files.map(({ file, action }) => `${file}: ${action}`),
  );
}
