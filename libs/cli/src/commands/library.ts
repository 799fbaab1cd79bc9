import { fullName } from '@atelier/client';
import { VisibilitySchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { differenceLines } from '../files/difference.ts';
import { type LibraryKind, readLibraryFile } from '../files/library-file.ts';
import type { Library, LibraryEntry, LibraryHead } from '../library/library.ts';
import { rubricLibrary } from '../library/rubric-library.ts';
import { templateLibrary } from '../library/template-library.ts';
import { enumWord, formatTime } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { table } from '../output/table.ts';
import { plain } from '../output/text.ts';
import { collect } from '../paging.ts';
import { parseInteger } from '../request/values.ts';
import { readVariables } from '../request/variables.ts';
import type { Session } from '../session.ts';
import { addLimit, define, group, type Runtime, repeatable } from './define.ts';

const libraries: Record<LibraryKind, (session: Session) => Library> = {
  templates: templateLibrary,
  rubrics: rubricLibrary,
};

/** `atelier templates` and `atelier rubrics`: the same commands over both libraries. Gives the group, for further ones. */
export function addLibrary(program: Command, runtime: Runtime, kind: LibraryKind): Command {
  const noun = kind.slice(0, -1);
  const commands = group(
    program,
    kind,
    `${noun[0]?.toUpperCase()}${noun.slice(1)}s: list, get, create, version, versions, alias, validate, diff, archive.`,
    [
      `${kind} get produce-cutout`,
      `${kind} version produce-cutout ${noun}.yaml --note "softer light"`,
      `${kind} alias produce-cutout production 3`,
      `${kind} validate ${noun}.yaml --var item=apples --var count=3`,
      `${kind} diff produce-cutout 2 3`,
    ],
  );
  const add = <O>(spec: {
    usage: string;
    summary: string;
    isDefault?: boolean;
    options?: (command: Command) => unknown;
    run: (library: Library, session: Session, args: readonly string[], options: O) => Promise<void>;
  }) =>
    define<O>(commands, runtime, {
      ...spec,
      run: async (session, args, options) => {
        await spec.run(libraries[kind](session), session, args, options);
        return 0;
      },
    });

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
    },
  });
  add({
    usage: `get <${noun}>`,
    summary: `Shows a ${noun} and one of its versions: NAME for production or the latest, NAME/versions/N or NAME/versions/ALIAS.`,
    run: async (library, { out }, [name = '']) => {
      show(library, out, await library.get(fullName(kind, name)));
    },
  });
  add({
    usage: 'create <file>',
    summary: `Makes a ${noun} with its first version from a file.`,
    run: async (library, { out }, [file = '']) => {
      const entry = await library.create(await readLibraryFile(kind, file));
      out.message(library.schemas.version, entry.version, [`${entry.version.name}: created`]);
    },
  });
  add<{ note: string; alias: readonly string[] }>({
    usage: `version <${noun}> <file>`,
    summary: 'Adds a version from a file. The same content as the latest adds nothing.',
    options: (command) =>
      repeatable(
        command.option('--note <text>', 'what changed, in words', ''),
        '--alias <alias>',
        'alias to point at the new version, such as production; repeatable',
      ),
    run: async (library, { out }, [name = '', file = ''], { note, alias }) => {
      const read = await readLibraryFile(kind, file);
      const change = { content: read.content, changeNote: note || read.changeNote, setAliases: alias };
      const { version, added } = await library.addVersion(fullName(kind, name), change);
      out.message(library.schemas.version, version, [
        `${version.name}: ${added ? 'added' : 'has this content already'}`,
      ]);
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
    },
  });
  add({
    usage: `alias <${noun}> <alias> <version>`,
    summary: 'Points an alias at a version; version 0 takes the alias away.',
    run: async (library, { out }, [name = '', alias = '', version = '']) => {
      const number = parseInteger('version', version);
      const head = await library.setAlias(fullName(kind, name), alias, number);
      out.message(library.schemas.head, head, [
        `${head.name}: ${number === 0 ? `"${alias}" is gone` : `"${alias}" is version ${number}`}`,
      ]);
    },
  });
  add<{ var: readonly string[]; vars?: string }>({
    usage: 'validate <file>',
    summary: `Has the platform check a ${noun} without keeping it, and render it with sample variables.`,
    options: (command) =>
      repeatable(command, '--var <key=value>', 'sample variable; repeatable').option(
        '--vars <file>',
        'sample variables from a file',
      ),
    run: async (library, { out }, [file = ''], { var: pairs, vars }) => {
      const { content, name } = await readLibraryFile(kind, file);
      const { warnings, usedVariables, rendered } = await library.validate(
        content,
        pairs.length === 0 && vars === undefined ? undefined : await readVariables(pairs, vars),
      );
      out.result(
        { name, warnings: [...warnings], usedVariables: [...usedVariables], rendered: [...rendered] },
        [
          `${file}: good`,
          ...(usedVariables.length === 0 ? [] : [`  variables: ${usedVariables.join(', ')}`]),
          ...warnings.map((warning) => `  warning: ${plain(warning)}`),
          ...rendered.map((text) => `  ${plain(text)}`),
        ],
      );
    },
  });
  add({
    usage: `diff <${noun}> <base> <head>`,
    summary: 'Shows what differs between two versions, given by number or alias.',
    run: async (library, { out }, [name = '', base = '', head = '']) => {
      const version = (number: string) => `${fullName(kind, name)}/versions/${number}`;
      const found = await library.diff(version(base), version(head));
      const json = found.map(({ path, before, after }) => ({
        path,
        before: before ?? null,
        after: after ?? null,
      }));
      out.result(json, found.length === 0 ? ['They are the same.'] : differenceLines(found));
    },
  });
  add<{ undo?: boolean }>({
    usage: `archive <${noun}>`,
    summary: `Archives a ${noun}; its versions stay readable.`,
    options: (command) => command.option('--undo', 'bring it back'),
    run: async (library, { out }, [name = ''], { undo }) => {
      const head = await library.archive(fullName(kind, name), undo !== true);
      out.message(library.schemas.head, head, [`${head.name}: ${head.archived ? 'archived' : 'back'}`]);
    },
  });
  return commands;
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
    id: head.name.split('/')[1],
    ...(displayName !== '' && { displayName }),
    ...(description !== '' && { description }),
    content,
  };
  out.result(null, [
    `# ${version.name}${aliases.length === 0 ? '' : `; ${aliases.join(', ')}`}`,
    stringify(file).trimEnd(),
  ]);
}
