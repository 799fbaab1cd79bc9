import { fullName } from '@atelier/client';
import { differenceLines } from '../files/difference.ts';
import { differencesJson } from '../files/difference-json.ts';
import { parseInteger } from '../request/values.ts';
import { UsageError } from '../usage-error.ts';
import type { LibraryCommands } from './library-command.ts';

/** `alias`, `rollback`: which version is used. */
export function addLibraryAliases({ kind, noun, add }: LibraryCommands): void {
  add({
    usage: `alias <${noun}> <alias> <version>`,
    summary: 'Points an alias at a version; version 0 takes the alias away.',
    run: async (library, { out }, [name = '', alias = '', version = '']) => {
      const number = parseInteger('version', version);
      const head = await library.setAlias(fullName(kind, name), alias, number);
      out.message(library.schemas.head, head, [
        `${head.name}: ${number === 0 ? `"${alias}" is gone` : `"${alias}" is version ${number}`}`,
      ]);
      return 0;
    },
  });
  add<{ to?: string }>({
    usage: `rollback <${noun}> [alias]`,
    summary:
      'Points an alias, production where none is named, at the version before the one that it points at, and shows what that changes. Nothing is deleted.',
    options: (command) => command.option('--to <version>', 'this version in place of the one before'),
    examples: [`${kind} rollback produce-cutout`, `${kind} rollback produce-cutout canary --to 2`],
    run: async (library, { out }, [name = '', alias = 'production'], { to }) => {
      const resource = fullName(kind, name);
      const { head } = await library.get(`${resource}/versions/latest`);
      const from = head.aliases[alias];
      if (from === undefined || alias === 'latest')
        throw new UsageError(`${resource} has no alias "${alias}" that could be rolled back`);
      const target = to === undefined ? from - 1 : parseInteger('--to', to, 1, head.latestVersion);
      if (target < 1)
        throw new UsageError(`"${alias}" of ${resource} is at version 1, and there is none before it`);
      const changed = await library.diff(`${resource}/versions/${from}`, `${resource}/versions/${target}`);
      await library.setAlias(resource, alias, target, head.etag);
      out.result({ name: resource, alias, from, to: target, differences: differencesJson(changed) }, [
        `${resource}: "${alias}" was version ${from} and is version ${target}`,
        ...(changed.length === 0 ? ['They are the same.'] : differenceLines(changed)),
      ]);
      return 0;
    },
  });
}
