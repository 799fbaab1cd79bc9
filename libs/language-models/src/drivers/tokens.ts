import type { AnswerToken } from '../language-model.ts';

/** A token as chat completions tell it. `bytes` is missing with some servers, and null for tokens that have none. */
interface ChatToken {
  readonly token: string;
  readonly logprob: number | null;
  readonly bytes?: readonly number[] | null;
  readonly top_logprobs?: readonly ChatToken[];
}

/** A token as Gemini tells it. */
interface GeminiToken {
  readonly token?: string;
  readonly logProbability?: number | null;
}

/**
 * The tokens with their log-probabilities in a vendor's answer, as chat completions or Gemini tell them. They are read from the
 * answer itself, since the SDKs leave out the bytes, or all of it. Undefined where there are none.
 */
export function tokensIn(body: unknown): readonly AnswerToken[] | undefined {
  const { choices, candidates } = (body ?? {}) as {
    choices?: { logprobs?: { content?: ChatToken[] | null } | null }[];
    candidates?: {
      logprobsResult?: { chosenCandidates?: GeminiToken[]; topCandidates?: { candidates?: GeminiToken[] }[] };
    }[];
  };
  const chat = choices?.[0]?.logprobs?.content;
  if (Array.isArray(chat) && chat.length > 0) return wholeCharacters(chat);
  const gemini = candidates?.[0]?.logprobsResult;
  if (gemini?.chosenCandidates === undefined) return undefined;
  return gemini.chosenCandidates.map((chosen, index) => ({
    text: chosen.token ?? '',
    top: likeliest([...(gemini.topCandidates?.[index]?.candidates ?? []), chosen].map(geminiAlternative)),
  }));
}

/**
 * Lines tokens up with the text that they are of. Where a vendor tells pieces of a character as something else, what they stand
 * for is one token without alternatives. Undefined where they are of another text.
 */
export function alignTokens(
  text: string,
  tokens: readonly AnswerToken[],
): readonly AnswerToken[] | undefined {
  const found: AnswerToken[] = [];
  let at = 0;
  let skipped = 0;
  const gap = (end: number) => {
    if (end > at) found.push({ text: text.slice(at, end), top: [] });
    at = end;
    skipped = 0;
  };
  for (const token of tokens) {
    const next = skipped === 0 && text.startsWith(token.text, at) ? at : text.indexOf(token.text, at);
    // A piece of a character stands for two units of UTF-16 at most.
    if (token.text === '' || next === -1 || next - at > 2 * skipped) {
      skipped += 1;
      continue;
    }
    gap(next);
    found.push(token);
    at += token.text.length;
  }
  if (text.length - at > 2 * skipped) return undefined;
  gap(text.length);
  return found;
}

/** Tokens that end within a character of UTF-8 are one with those after them, until it is whole. */
function wholeCharacters(tokens: readonly ChatToken[]): AnswerToken[] {
  const found: AnswerToken[] = [];
  let held: { bytes: Buffer; first: ChatToken } | undefined;
  for (const token of tokens) {
    const own = Buffer.from(token.bytes ?? Buffer.from(token.token, 'utf8'));
    const bytes = held === undefined ? own : Buffer.concat([held.bytes, own]);
    const first = held?.first ?? token;
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) {
      held = { bytes, first };
      continue;
    }
    held = undefined;
    const alternatives = [...(token.top_logprobs ?? []), token].map(chatAlternative);
    // Of a character in pieces nobody can say what might have stood in its place.
    found.push({
      text,
      top: first === token ? likeliest(alternatives) : [{ text, logProbability: logarithm(first.logprob) }],
    });
  }
  if (held !== undefined) {
    found.push({ text: held.bytes.toString('utf8'), top: [] });
  }
  return found;
}

type Alternative = AnswerToken['top'][number];

function chatAlternative({ token, logprob, bytes }: ChatToken): Alternative {
  return { text: bytes ? Buffer.from(bytes).toString('utf8') : token, logProbability: logarithm(logprob) };
}

function geminiAlternative({ token = '', logProbability }: GeminiToken): Alternative {
  return { text: token, logProbability: logarithm(logProbability) };
}

/** JSON has no infinity: what a grammar rules out is told as null, as a word, or not at all, and cannot stand there. */
function logarithm(told: unknown): number {
  return typeof told === 'number' ? told : Number.NEGATIVE_INFINITY;
}

/** Each text once, the likeliest first. */
function likeliest(alternatives: readonly Alternative[]): readonly Alternative[] {
  const byText = new Map(alternatives.map((alternative) => [alternative.text, alternative]));
  return [...byText.values()].sort((one, other) => other.logProbability - one.logProbability);
}
