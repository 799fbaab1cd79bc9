import type { Secret } from '@atelier/config';
import type { JsonValue } from '@bufbuild/protobuf';
import { type Produced, type ProviderAnswer, ProviderFailure, ProviderRefusal } from '../provider.ts';

/** So much of a text is looked for, in characters: vendors that quote one may cut it. */
const HEAD = 40;

/** Fields of native bodies that hold what the caller wrote, be it a single word. */
const WRITTEN = /prompt|^inputs$|^text$/i;

/** Shorter words are part of too many others to be taken out, in characters. */
const SHORTEST = 3;

/** What stands for a text that was taken out. */
const HIDDEN = '[…]';

/** The longest name of a category that a vendor may give, in characters: more than a name is a text. */
const LONGEST_CATEGORY = 64;

/** What no message may quote: what the caller wrote in a body, and our secrets. */
export interface Unsaid {
  readonly body: JsonValue;
  readonly secrets: readonly Secret[];
}

/** Takes what no message may quote out of what a vendor's folder throws; what is not the vendor's word stays as it is. */
export function discreetError(error: unknown, unsaid: Unsaid): unknown {
  if (error instanceof ProviderFailure) return discreet(error, unsaid);
  if (error instanceof ProviderRefusal) return new ProviderRefusal(discreetRefusal(error.refusal, unsaid));
  return error;
}

/** The same for the images of an answer that were refused or failed. */
export function discreetAnswer(answer: ProviderAnswer, unsaid: Unsaid): ProviderAnswer {
  const images = answer.images.map((image): Produced => {
    if (image.kind === 'failure') return { ...image, failure: discreet(image.failure, unsaid) };
    if (image.kind === 'refusal') return { ...image, refusal: discreetRefusal(image.refusal, unsaid) };
    return image;
  });
  return { ...answer, images };
}

/** A category is the vendor's name for a rule: one that holds words of the caller, or is a whole text, is left out. */
function discreetRefusal(refusal: ProviderRefusal['refusal'], unsaid: Unsaid) {
  const { stage = 0, categories = [], message = '' } = refusal;
  return {
    stage,
    categories: categories.filter(
      (category) => category.length <= LONGEST_CATEGORY && hide(category, unsaid) === category,
    ),
    message: hide(message, unsaid),
  };
}

function hide(said: string, { body, secrets }: Unsaid): string {
  const shown = secrets.map((secret) => secret.reveal()).filter(({ length }) => length >= SHORTEST);
  return withoutTexts(shown.reduce(without, said), body);
}

/** Takes what no message may quote out of a failure. */
export function discreet(failure: ProviderFailure, unsaid: Unsaid): ProviderFailure {
  const hidden = hide(failure.message, unsaid);
  if (hidden === failure.message) return failure;
  const { failureClass, retryAfterMs, isNotSent } = failure;
  // The cause may quote it as well.
  return new ProviderFailure(failureClass, hidden, {
    isNotSent,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * What a vendor says about a body, without what the caller wrote in that body: prompts must not get into logs and errors, and
 * words of theirs must not be taken for the vendor's.
 */
export function withoutTexts(said: string, body: JsonValue): string {
  return texts(body)
    .toSorted((one, other) => other.length - one.length)
    .reduce(without, said.replace(/\s+/g, ' '));
}

function without(message: string, text: string): string {
  const [said, written] = [folded(message), folded(text)];
  const head = written.slice(0, HEAD);
  const start = head === '' ? -1 : said.indexOf(head);
  if (start < 0) return message;
  let end = head.length;
  while (end < written.length && written[end] === said[start + end]) end += 1;
  return without(`${message.slice(0, start)}${HIDDEN}${message.slice(start + end)}`, text);
}

/** In lower case, as vendors may have it, unless that would move its characters. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** The texts of a body that somebody wrote: prompts, and whatever has a space in it, in one line as messages have theirs. */
function texts(value: JsonValue, key = ''): string[] {
  if (typeof value === 'string') {
    const text = value.replace(/\s+/g, ' ').trim();
    const isWritten = WRITTEN.test(key) ? text.length >= SHORTEST : text.includes(' ');
    return isWritten ? [text] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => texts(item, name));
}
