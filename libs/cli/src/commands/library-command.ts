import type { Command } from 'commander';
import type { LibraryKind } from '../files/library-file.ts';
import type { Library } from '../library/library.ts';
import { rubricLibrary } from '../library/rubric-library.ts';
import { templateLibrary } from '../library/template-library.ts';
import type { Session } from '../session.ts';
import { type CommandSpec, define, type Runtime } from './define.ts';

const libraries: Record<LibraryKind, (session: Session) => Library> = {
  templates: templateLibrary,
  rubrics: rubricLibrary,
};

/** A command over templates or rubrics. It gives an exit code where that is not 0. */
export interface LibraryCommandSpec<Options> extends Omit<CommandSpec<Options>, 'run'> {
  readonly run: (
    library: Library,
    session: Session,
    args: readonly string[],
    options: Options,
  ) => Promise<number | undefined>;
}

/** Where commands of a library are added, and what they call what they are about. */
export interface LibraryCommands {
  readonly kind: LibraryKind;
  /** One of them, in words: `template`. */
  readonly noun: string;
  add<Options>(spec: LibraryCommandSpec<Options>): void;
}

/** Adds commands to the group of a library. */
export function libraryCommands(group: Command, runtime: Runtime, kind: LibraryKind): LibraryCommands {
  return {
    kind,
    noun: kind.slice(0, -1),
    add: <Options>(spec: LibraryCommandSpec<Options>) => {
      define<Options>(group, runtime, {
        ...spec,
        run: (session, args, options) => spec.run(libraries[kind](session), session, args, options),
      });
    },
  };
}
