import { fullName } from '@atelier/client';
import { readLibraryFile } from '../files/library-file.ts';
import { plain } from '../output/text.ts';
import { readVariables } from '../request/variables.ts';
import { repeatable } from './define.ts';
import type { LibraryCommands } from './library-command.ts';

/** `create`, `version`, `validate`, `archive`: single files, and what becomes of a resource as a whole. */
export function addLibraryVersions({ kind, noun, add }: LibraryCommands): void {
  add({
    usage: 'create <file>',
    summary: `Makes a ${noun} with its first version from a file.`,
    run: async (library, { out }, [file = '']) => {
      const entry = await library.create(await readLibraryFile(kind, file));
      out.message(library.schemas.version, entry.version, [`${entry.version.name}: created`]);
      return 0;
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
      return 0;
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
      const isTried = pairs.length > 0 || vars !== undefined;
      const sample = isTried ? { variables: await readVariables(pairs, vars) } : undefined;
      const { warnings, usedVariables, ...tried } = await library.validate(content, sample);
      const questions = tried.questions.map(({ id, text }) => `${id}: ${text}`);
      const rendered = [tried.prompt, tried.negativePrompt, ...questions].filter(Boolean);
      out.result({ name, warnings: [...warnings], usedVariables: [...usedVariables], rendered }, [
        `${file}: good`,
        ...(usedVariables.length === 0 ? [] : [`  variables: ${usedVariables.join(', ')}`]),
        ...warnings.map((warning) => `  warning: ${plain(warning)}`),
        ...rendered.map((text) => `  ${plain(text)}`),
      ]);
      return 0;
    },
  });
  add<{ undo?: boolean }>({
    usage: `archive <${noun}>`,
    summary: `Archives a ${noun}; its versions stay readable.`,
    options: (command) => command.option('--undo', 'bring it back'),
    run: async (library, { out }, [name = ''], { undo }) => {
      const head = await library.archive(fullName(kind, name), undo !== true);
      out.message(library.schemas.head, head, [`${head.name}: ${head.archived ? 'archived' : 'back'}`]);
      return 0;
    },
  });
}
