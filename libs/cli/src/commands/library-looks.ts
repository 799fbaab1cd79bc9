import { fullName } from '@atelier/client';
import { VisibilitySchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import type { LibraryKind } from '../files/library-file.ts';
import { valueText } from '../files/library-text.ts';
import type { Library, LibraryEntry, LibraryHead } from '../library/library.ts';
import { versionName } from '../library/name.ts';
import { enumWord, formatTime } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { table } from '../output/table.ts';
import { plain } from '../output/text.ts';
import { collect } from '../paging.ts';
import { parseInteger } from '../request/values.ts';
import { addLimit } from './define.ts';
import type { LibraryCommands } from './library-command.ts';

/** `list`, `get`, `versions`: what there is. */
export function addLibraryLooks({ kind, noun, add }: LibraryCommands): void {
  add<{ archived?: boolean; limit: string }>({
    usage: 'list',
    isDefault: true,
    summary: `Lists the team's ${kind} and the organisation's.`,
    options: (command) => addLimit(command.option('--archived', 'also archived ones'), '500'),
    run: async (library, { out }, _, { archived, limit }) => {
      const options = { includeArchived: archived ?? false };
      const heads = await collect(parseInteger('--limit', limit, 1), 200, (size, token) =>
        library.list(size, token, options),
      );
      out.messages(library.schemas.head, heads, headTable(kind, heads));
      return 0;
    },
  });
  add({
    usage: `get <${noun}>`,
    summary: `Shows a ${noun} and one of its versions: NAME for production or the latest, NAME@N or NAME@ALIAS.`,
    examples: [
      `${kind} get produce-cutout`,
      `${kind} get produce-cutout@2`,
      `${kind} get produce-cutout@canary`,
    ],
    run: async (library, { out }, [name = '']) => {
      show(library, out, await library.get(versionName(kind, name)));
      return 0;
    },
  });
  add<{ limit: string }>({
    usage: `versions <${noun}>`,
    summary: 'Lists versions, newest first.',
    options: (command) => addLimit(command),
    run: async (library, { out }, [name = ''], { limit }) => {
      const versions = await collect(parseInteger('--limit', limit, 1), 100, (size, token) =>
        library.versions(fullName(kind, name), size, token),
      );
      const rows = versions.map(({ name: full, createTime, creator, changeNote }) => [
        full,
        formatTime(createTime),
        plain(creator),
        plain(changeNote),
      ]);
      out.messages(library.schemas.version, versions, table(['version', 'added', 'by', 'note'], rows));
      return 0;
    },
  });
}

function headTable(kind: LibraryKind, heads: readonly LibraryHead[]): string[] {
  const rows = heads.map(({ name, latestVersion, aliases, visibility, displayName, archived }) => [
    name,
    String(latestVersion),
    Object.entries(aliases)
      .filter(([alias]) => alias !== 'latest')
      .map(([alias, version]) => `${alias} ${version}`)
      .join(', '),
    enumWord(VisibilitySchema, visibility || 1),
    `${plain(displayName)}${archived ? ' (archived)' : ''}`,
  ]);
  return table([kind.slice(0, -1), 'latest', 'aliases', 'seen by', 'title'], rows);
}

/** A resource in the form in which files have it. */
function show(library: Library, out: Output, { head, version }: LibraryEntry): void {
  const content =
    version.content === undefined ? {} : (toJson(library.schemas.content, version.content) as JsonObject);
  if (out.json) {
    const json = (schema: Library['schemas']['head'], message: LibraryHead | LibraryEntry['version']) =>
      toJson(schema, message) as JsonValue;
    out.result(
      { [library.noun]: json(library.schemas.head, head), version: json(library.schemas.version, version) },
      [],
    );
    return;
  }
  const { displayName, description } = head;
  const aliases = Object.entries(head.aliases).map(([alias, number]) => `${alias} ${number}`);
  const file = {
    id: head.name.replace(`${library.kind}/`, ''),
    ...(displayName !== '' && { displayName }),
    ...(description !== '' && { description }),
    content,
  };
  out.result(null, [
    `# ${version.name}${aliases.length === 0 ? '' : `; ${aliases.join(', ')}`}`,
    valueText(file).trimEnd(),
  ]);
}
