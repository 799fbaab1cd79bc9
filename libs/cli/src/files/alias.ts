/** What the platform takes as the name of an alias. */
const ALIAS = /^[a-z][a-z0-9-]{0,31}$/;

/** Whether the text may be the name of an alias in a file. `latest` moves by itself. */
export function isAlias(text: string): boolean {
  return ALIAS.test(text) && text !== 'latest';
}

/** Aliases in the order in which files have them: `production`, which is the oldest content most often, then by name. */
export function inAliasOrder(aliases: readonly string[]): string[] {
  const rank = (alias: string) => (alias === 'production' ? '' : alias);
  return [...aliases].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
