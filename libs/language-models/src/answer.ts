/** A JSON object. */
type JsonObject = Readonly<Record<string, unknown>>;

/** What reasoning models say to themselves where their server does not take it out. */
const THOUGHTS = /^\s*<think>[\s\S]*?<\/think>/;

/** Among words, so many places are looked at: an answer with more beginnings of objects is none. */
const MOST_PLACES = 20;

/** The line that a block of code in Markdown begins with, and the one that it ends with. */
const FENCE = /^[ \t]*```(?:json)?[ \t]*$/;
const END_OF_BLOCK = /^[ \t]*```/;

/**
 * The JSON object in an answer: the answer itself, or what is left of it without thoughts; where the object was asked for in
 * words, also the first one in a block of code or among words. Undefined where there is none.
 */
export function objectIn(answer: string, isInWords: boolean): JsonObject | undefined {
  const text = answer.replace(THOUGHTS, '').trim();
  const whole = parsed(text);
  if (whole !== undefined || !isInWords) return whole;
  for (const block of blocksIn(text)) {
    const found = parsed(block);
    if (found !== undefined) return found;
  }
  let start = -1;
  for (let place = 0; place < MOST_PLACES; place += 1) {
    start = text.indexOf('{', start + 1);
    if (start === -1) break;
    const found = parsed(text.slice(start, endOf(text, start)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands in blocks of code. Line by line: an answer may be nothing but line ends, a great many of them. */
function* blocksIn(text: string): Generator<string> {
  let block: string[] | undefined;
  for (const line of text.split('\n')) {
    if (block === undefined) {
      if (FENCE.test(line.trimEnd())) block = [];
    } else if (END_OF_BLOCK.test(line)) {
      yield block.join('\n');
      block = undefined;
    } else block.push(line);
  }
}

/** Where the object that begins here ends: braces within strings do not count. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
