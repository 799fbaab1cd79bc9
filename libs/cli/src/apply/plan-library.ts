import { AtelierError, Code } from '@atelier/client';
import type { Message } from '@bufbuild/protobuf';
import { canonicalText } from '../files/canonical.ts';
import type { LibraryFile } from '../files/library-file.ts';
import type { LibrarySource } from '../files/library-source.ts';
import type { Library, LibraryEntry } from '../library/library.ts';
import { UsageError } from '../usage-error.ts';
import { checkContent } from './check-content.ts';
import { libraryStep } from './library-step.ts';
import type { Step } from './step.ts';
import { VersionPlan, type WantedContent } from './version-plan.ts';

/** How files are brought over. */
export interface LibraryPlanOptions {
  /** Whether aliases that are somewhere else move to the content that the files have for them. */
  readonly promote: boolean;
  /** What changed, in words, in place of what the file says. */
  readonly note?: string;
}

/** Alias that names without a version resolve to, where there is one. */
const PRODUCTION = 'production';

/**
 * What it takes to bring a template or rubric to what its files say: the first version, further ones, other settings of its
 * header, aliases. An alias that is not there is set; one that is somewhere else moves only on request, since projects follow
 * it. A content that the platform refuses is a `UsageError` by file and path.
 */
export async function planLibrary(
  library: Library,
  source: LibrarySource,
  { promote, note }: LibraryPlanOptions,
): Promise<Step> {
  const { main, pinned } = source;
  const warnings = await checkContent(library, main.file, main.content);
  for (const { file, content } of pinned) await checkContent(library, file, content);
  const latest = await find(library, `${main.name}/versions/latest`);
  const plan = await readVersions(library, source, latest);
  const notes: string[] = [];
  const settle = (alias: string, text: string, place: () => number) => {
    const current = plan.versionOf(alias);
    if (plan.textOf(alias) === text) return;
    if (current === undefined || promote) plan.point(alias, place());
    else notes.push(staysWords(alias, current));
  };
  const wanted = (content: Message, fileNote: string): WantedContent => ({
    content,
    text: canonicalText(library.schemas.content, content),
    note: note || fileNote,
  });
  for (const { alias, content } of pinned) {
    const kept = wanted(content, '');
    settle(alias, kept.text, () => plan.place(kept));
  }
  const worked = wanted(main.content, main.changeNote);
  const version = placeMain(plan, main, worked);
  const recorded = [...main.aliases, ...pinned.map(({ alias }) => alias)];
  const follows = plan.versionOf(PRODUCTION) !== undefined && !recorded.includes(PRODUCTION);
  for (const alias of [...main.aliases, ...(follows ? [PRODUCTION] : [])])
    settle(alias, worked.text, () => version);
  if (latest?.head.archived === true && plan.added.length > 0) throw archived(library, main);
  return libraryStep(library, source, { latest, plan, notes: [...warnings, ...notes] });
}

/** What the platform has of the versions that the files speak of. */
async function readVersions(
  library: Library,
  { main, pinned }: LibrarySource,
  latest: LibraryEntry | undefined,
): Promise<VersionPlan> {
  if (latest === undefined) return new VersionPlan({ latest: 0, aliases: {}, texts: new Map() });
  const { head, version } = latest;
  const textOf = (content: Message | undefined) =>
    content === undefined ? '' : canonicalText(library.schemas.content, content);
  const texts = new Map([[head.latestVersion, textOf(version.content)]]);
  for (const alias of [PRODUCTION, ...main.aliases, ...pinned.map((each) => each.alias)]) {
    const number = head.aliases[alias];
    if (number === undefined || texts.has(number)) continue;
    const pointed = await library.get(`${main.name}/versions/${number}`);
    texts.set(number, textOf(pointed.version.content));
  }
  return new VersionPlan({ latest: head.latestVersion, aliases: head.aliases, texts });
}

/**
 * The version that has the content of the main file: the latest, or else the one that all of the file's aliases keep, as where
 * a version was exported alone, or else a new one.
 */
function placeMain(plan: VersionPlan, { aliases }: LibraryFile, wanted: WantedContent): number {
  if (plan.isLatest(wanted.text)) return plan.latest;
  const [first] = aliases;
  const kept = first === undefined ? undefined : plan.versionOf(first);
  const isKept = kept !== undefined && aliases.every((alias) => plan.textOf(alias) === wanted.text);
  return isKept ? kept : plan.add(wanted);
}

function staysWords(alias: string, version: number): string {
  const followed = alias === PRODUCTION ? ', which is what projects use' : '';
  return `"${alias}" stays at version ${version}${followed}; --promote moves it.`;
}

function archived({ kind }: Library, { file, name }: LibraryFile): UsageError {
  const undo = `atelier ${kind} archive ${name.split('/')[1]} --undo`;
  return new UsageError(`${file}: ${name} is archived; bring it back first: ${undo}`);
}

async function find(library: Library, name: string): Promise<LibraryEntry | undefined> {
  try {
    return await library.get(name);
  } catch (error) {
    if (error instanceof AtelierError && error.code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}
