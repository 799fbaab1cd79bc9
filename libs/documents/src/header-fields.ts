import { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { failedPrecondition, invalidArgument } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Editable, LibraryHeader } from './library-types.ts';

const ALIAS = /^[a-z][a-z0-9-]{0,31}$/;

/** What people may change of a header, with what is not set filled in. */
export function editable(header: Partial<Editable<LibraryHeader>>): Editable<LibraryHeader> & JsonObject {
  return {
    displayName: header.displayName ?? '',
    description: header.description ?? '',
    visibility: header.visibility || Visibility.TEAM,
    labels: { ...header.labels },
  };
}

/** The aliases with some of them at the version; undefined where they are there already. */
export function withAliases(
  resource: LibraryHeader,
  aliases: readonly string[],
  version: number,
): Pick<LibraryHeader, 'aliases'> | undefined {
  if (aliases.every((alias) => resource.aliases[alias] === version)) return undefined;
  return {
    aliases: { ...resource.aliases, ...Object.fromEntries(aliases.map((alias) => [alias, version])) },
  };
}

/** INVALID_ARGUMENT for what is no alias, or is the one that moves by itself. */
export function requireAlias(alias: string, field: string): void {
  if (alias === 'latest') throw invalidArgument(field, '`latest` moves by itself');
  if (!ALIAS.test(alias)) throw invalidArgument(field, 'must be lower-case letters, digits and hyphens');
}

/** FAILED_PRECONDITION for what was archived. */
export function requireActive(resource: LibraryHeader): void {
  if (!resource.archived) return;
  throw failedPrecondition(`${resource.name} is archived; bring it back first.`, {
    reason: 'WRONG_STATE',
    metadata: { resource: resource.name },
  });
}
