import type { Command } from 'commander';
import type { LibraryKind } from '../files/library-file.ts';
import { group, type Runtime } from './define.ts';
import { addLibraryAliases } from './library-aliases.ts';
import { libraryCommands } from './library-command.ts';
import { addLibraryDiff } from './library-diff.ts';
import { addLibraryFork } from './library-fork.ts';
import { addLibraryLooks } from './library-looks.ts';
import { addLibraryPreview } from './library-preview.ts';
import { addLibraryTransfer } from './library-transfer.ts';
import { addLibraryVersions } from './library-versions.ts';

/** `atelier templates` and `atelier rubrics`: the same commands over both libraries. Gives the group, for further ones. */
export function addLibrary(program: Command, runtime: Runtime, kind: LibraryKind): Command {
  const noun = kind.slice(0, -1);
  const added = group(
    program,
    kind,
    `${noun[0]?.toUpperCase()}${noun.slice(1)}s: immutable versions, aliases that move, and files of them that live in git.`,
    [
      `${kind} get produce-cutout@production`,
      `${kind} version produce-cutout ${noun}.yaml --note "softer light"`,
      `${kind} diff ${noun}.yaml`,
      `${kind} alias produce-cutout canary 3`,
      `${kind} rollback produce-cutout`,
      `${kind} preview ${noun}.yaml --var item=apples --var count=3 --var colour=red`,
      `${kind} fork starter-recipe our-recipe`,
      `${kind} export --all library/`,
      `${kind} import library/ --dry-run`,
    ],
  );
  const commands = libraryCommands(added, runtime, kind);
  addLibraryLooks(commands);
  addLibraryVersions(commands);
  addLibraryAliases(commands);
  addLibraryDiff(commands);
  addLibraryPreview(commands);
  addLibraryFork(commands);
  addLibraryTransfer(commands);
  return added;
}
