import { invalidArgument } from '@atelier/rpc';

/** A name within a library, taken apart. */
export interface ParsedName {
  readonly id: string;
  /** A version number or an alias; undefined for the bare name. */
  readonly selector: string | undefined;
}

const ID = /^[a-z][a-z0-9-]{0,62}$/;
const SELECTOR = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Reads `{prefix}/{id}` or `{prefix}/{id}/versions/{number or alias}`; INVALID_ARGUMENT on the field otherwise. */
export function parseName(prefix: string, name: string, field: string): ParsedName {
  const [first, id, word, selector, ...rest] = name.split('/');
  const isBare = word === undefined;
  const isVersion = word === 'versions' && selector !== undefined && SELECTOR.test(selector);
  if (first === prefix && id !== undefined && ID.test(id) && rest.length === 0 && (isBare || isVersion)) {
    return { id, selector };
  }
  throw invalidArgument(field, `must be ${prefix}/{id} or ${prefix}/{id}/versions/{number or alias}`);
}

/**
 * The number of the version that a selector means, or undefined where there is none. The bare name means `production`
 * where that alias is set, else the latest.
 */
export function selectVersion(
  selector: string | undefined,
  aliases: Readonly<Record<string, number>>,
  latest: number,
): number | undefined {
  if (selector === undefined) return aliases.production ?? latest;
  if (selector === 'latest') return latest;
  if (!/^\d+$/.test(selector)) return Object.hasOwn(aliases, selector) ? aliases[selector] : undefined;
  const number = Number(selector);
  return String(number) === selector && number >= 1 && number <= latest ? number : undefined;
}
