import type { TokenPlace } from './token-places.ts';

/** Share that the other answer may have without being told, where only one of the possible answers is. */
const MOST_UNTOLD = 0.05;

/** Two probabilities against each other. */
interface Weights {
  readonly for: number;
  readonly against: number;
}

/**
 * p(yes) at the token where an answer of yes or no begins: what speaks for yes over what speaks for either, case and spaces
 * aside. Undefined where the tokens do not tell.
 */
export function yesProbability(place: TokenPlace): number | undefined {
  return probability(place, (rest) => {
    const word = rest.trimStart().toLowerCase();
    const letters = /^[a-z]*/.exec(word)?.[0] ?? '';
    if (letters === '') return undefined;
    // A token may be the first letters of its word, but only where nothing follows in it.
    const isWhole = letters.length < word.trimEnd().length;
    const is = (answer: string) => (isWhole ? letters === answer : answer.startsWith(letters));
    return is('yes') ? true : is('no') ? false : undefined;
  });
}

/**
 * p that a number is one of those that count, at the token where it begins. Undefined where the number takes more than one
 * token: then the first says too little.
 */
export function numberProbability(
  place: TokenPlace,
  counts: (number: number) => boolean,
): number | undefined {
  const own = digitsOf(place.token.text.slice(place.before.length));
  if (own === undefined || (own.isOpen && /^\d/.test(place.after))) return undefined;
  return probability(place, (rest) => {
    const digits = digitsOf(rest);
    return digits === undefined ? undefined : counts(digits.number);
  });
}

/** The number that a text begins with, and whether more digits could follow. */
function digitsOf(text: string): { number: number; isOpen: boolean } | undefined {
  const match = /^\s*(\d{1,6})(.?)/s.exec(text);
  return match === null ? undefined : { number: Number(match[1]), isOpen: match[2] === '' };
}

function probability(
  { token, before }: TokenPlace,
  speaksFor: (rest: string) => boolean | undefined,
): number | undefined {
  const weights = { for: 0, against: 0 };
  let told = 0;
  let least = 1;
  for (const { text, logProbability } of token.top) {
    const p = Math.exp(Math.min(0, logProbability));
    if (!Number.isFinite(p)) continue;
    told += p;
    least = Math.min(least, p);
    const side = speaksFor(restOf(text, before));
    if (side !== undefined) weights[side ? 'for' : 'against'] += p;
  }
  // The likeliest are told: what is not told has no more than the least of them, and than what is left.
  return isTelling(weights, Math.min(least, 1 - told))
    ? weights.for / (weights.for + weights.against)
    : undefined;
}

/** What of a token would stand where the value begins, if it stood in place of the one that does. */
function restOf(text: string, before: string): string {
  return text.startsWith(before) ? text.slice(before.length) : text.replace(/^[\s"':]+/, '');
}

/** One answer without any other beside it is certain only where the other can hardly have been possible. */
function isTelling(weights: Weights, untold: number): boolean {
  const either = weights.for + weights.against;
  if (either === 0) return false;
  const areBothTold = weights.for > 0 && weights.against > 0;
  return areBothTold || untold <= MOST_UNTOLD * either;
}
