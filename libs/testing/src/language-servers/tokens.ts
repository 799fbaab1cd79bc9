/** A token of a scripted answer, with what might have stood there. */
export interface Token {
  readonly text: string;
  /** UTF-8; the text of a token that ends within a character cannot say it. */
  readonly bytes: Buffer;
  /** Natural logarithm of its own p. */
  readonly logProbability: number;
  /** The likeliest first, this one among them. */
  readonly top: readonly { readonly text: string; readonly logProbability: number }[];
}

/** What vendors say of tokens that are next to impossible. */
const NEVER = -9_999;

/** How sure the model is of a token for which nobody says anything. */
const SURE = 0.97;

/**
 * Pieces much like those of the vendors' own tokenizers: short pieces of words with the space before them, up to three
 * digits, and runs of punctuation, which do not care where a JSON string begins or ends.
 */
const PIECE = /[ ]?[\p{Script=Latin}_]{1,7}|[ ]?\d{1,3}|[ ]?[!-/:-@[-`{-~]{1,5}|\s+|./gsu;

/** Cuts an answer into tokens. `alternatives` are those of its JSON string values, in order. */
export function tokenize(
  answer: string,
  alternatives: readonly Readonly<Record<string, number>>[] = [],
): readonly Token[] {
  const values = alternatives.length === 0 ? [] : stringValues(answer);
  const at = new Map(values.map((start, index) => [start, alternatives[index] ?? {}]));
  const cuts = [0, ...[...at].filter(([, might]) => Object.keys(might).length > 0).map(([start]) => start)];
  return cuts.flatMap((start, index) => {
    const end = cuts[index + 1] ?? answer.length;
    return pieces(answer.slice(start, end)).map((bytes, place) => {
      return token(bytes, (place === 0 && at.get(start)) || {});
    });
  });
}

/** How many tokens a text has. */
export function countTokens(words: string): number {
  return pieces(words).length;
}

/** The bytes of each piece. Characters beyond the basic plane take two tokens, as they do with the vendors. */
function pieces(words: string): Buffer[] {
  return [...words.matchAll(PIECE)].flatMap(([piece]) => {
    const bytes = Buffer.from(piece, 'utf8');
    return piece.length === 2 && bytes.length === 4 ? [bytes.subarray(0, 2), bytes.subarray(2)] : [bytes];
  });
}

function token(bytes: Buffer, might: Readonly<Record<string, number>>): Token {
  const text = bytes.toString('utf8');
  const said = Object.values(might).reduce((sum, p) => sum + p, 0);
  const own = might[text] ?? (said === 0 ? SURE : Math.max(0, 1 - said));
  const others = said === 0 ? variants(text) : might;
  const top = Object.entries({ ...others, [text]: own })
    .map(([words, p]) => ({ text: words, logProbability: p > 0 ? Math.log(p) : NEVER }))
    .sort((one, other) => other.logProbability - one.logProbability);
  return { text, bytes, logProbability: own > 0 ? Math.log(own) : NEVER, top };
}

/** Other spellings of a token, which a model is a little less sure of. */
function variants(text: string): Readonly<Record<string, number>> {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return { [` ${text}`]: 0.01, [capital === text ? text.toLowerCase() : capital]: 0.01 };
}

/** Where the contents of a JSON text's string values begin; names of properties are no values. */
function stringValues(json: string): number[] {
  const found: number[] = [];
  for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    if (match[1] === undefined) found.push(match.index + 1);
  }
  return found;
}
