import { fullName } from '@atelier/client';
import { Exit } from '../exit-codes.ts';
import { type Difference, differenceLines, differences } from '../files/difference.ts';
import { differencesJson } from '../files/difference-json.ts';
import { readLibraryFile } from '../files/library-file.ts';
import { isFileName } from '../files/library-file-names.ts';
import { type LibraryText, libraryValue } from '../files/library-text.ts';
import { exportVersion } from '../library/export.ts';
import type { Library } from '../library/library.ts';
import { versionName } from '../library/name.ts';
import type { LibraryCommands } from './library-command.ts';

/** `diff`: between versions, files, and files and versions. */
export function addLibraryDiff({ kind, noun, add }: LibraryCommands): void {
  add<{ exitCode?: boolean }>({
    usage: `diff <${noun}> [base] [head]`,
    summary:
      'Shows what differs. FILE: from the latest version to the file. NAME: from production to the latest. A B: from A to B, each a FILE, NAME for its latest, NAME@N or NAME@ALIAS. NAME BASE HEAD: between two versions, by number or alias.',
    options: (command) => command.option('--exit-code', 'exit 1 where something differs'),
    examples: [
      `${kind} diff produce-cutout 2 3`,
      `${kind} diff ${noun}.yaml --exit-code`,
      `${kind} diff produce-cutout@production ${noun}.yaml`,
      `${kind} diff starter-recipe our-recipe`,
    ],
    run: async (library, { out }, sides, { exitCode = false }) => {
      const found = await compare(library, sides);
      out.result(
        differencesJson(found),
        found.length === 0 ? ['They are the same.'] : differenceLines(found),
      );
      return exitCode && found.length > 0 ? Exit.FAILED : Exit.OK;
    },
  });
}

async function compare(
  library: Library,
  [first = '', second, third]: readonly string[],
): Promise<Difference[]> {
  const { kind } = library;
  const isName = !isFileName(first);
  if (third !== undefined) {
    const version = (number: string) => `${fullName(kind, first)}/versions/${number}`;
    return library.diff(version(second ?? ''), version(third));
  }
  if (second === undefined && isName)
    return library.diff(versionName(kind, `${first}@production`), versionName(kind, `${first}@latest`));
  const after = await readSide(library, second ?? first);
  const before = await readSide(library, second === undefined ? `${after.name}@latest` : first);
  const fields = new Set<string>([...before.fields, ...after.fields, 'content']);
  const value = (side: Side) =>
    Object.fromEntries(
      Object.entries(libraryValue(library.schemas.content, side)).filter(([field]) => fields.has(field)),
    );
  return differences(value(before), value(after));
}

/** One side of a comparison, with the fields of its header that count: of a file, those that it sets. */
interface Side extends LibraryText {
  readonly fields: ReadonlySet<string>;
}

async function readSide(library: Library, text: string): Promise<Side> {
  if (!isFileName(text)) {
    const found = await exportVersion(library, versionName(library.kind, text, 'latest'));
    return { ...found, fields: new Set() };
  }
  const { name, header, headerFields, content } = await readLibraryFile(library.kind, text);
  return { name, header, content, fields: headerFields };
}
