import { versionName } from '../library/name.ts';
import type { LibraryCommands } from './library-command.ts';

/** `fork`: a copy of one's own. */
export function addLibraryFork({ kind, noun, add }: LibraryCommands): void {
  add({
    usage: 'fork <source> <new-id>',
    summary: `Copies a version that you can see, such as one of the organisation's, into a ${noun} of your team.`,
    examples: [`${kind} fork starter-recipe our-recipe`, `${kind} fork starter-recipe@2 our-recipe`],
    run: async (library, { out }, [source = '', id = '']) => {
      const from = versionName(kind, source);
      const { version } = await library.fork(from, id.replace(`${kind}/`, ''));
      out.message(library.schemas.version, version, [
        `${version.name}: ${version.changeNote || `forked from ${from}`}`,
      ]);
      return 0;
    },
  });
}
