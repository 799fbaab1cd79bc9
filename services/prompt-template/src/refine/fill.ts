import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { thingsIn } from './question-words.ts';

/** What of a failed check decides the words. */
export interface FailedCheck {
  readonly check: string;
  readonly parameters: JsonObject;
  readonly question: string;
  readonly critique: string;
}

/** Values for the words in braces of a rule, and the form of the check. */
export interface Filling {
  readonly form: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  /** Whether a value was too long for a prompt, so that only its beginning is there. */
  readonly isShortened?: boolean;
}

/** Longest value that goes into a prompt, in characters. */
export const MAX_VALUE = 200;

/** Where a subject has no upper limit of its share, this much of the frame is aimed at, in percent. */
const MOST_SHARE = 75;

/** What a check asks for, in words; undefined where its parameters say too little. */
export function fillingOf(failed: FailedCheck): Filling | undefined {
  const fill = FILLINGS[failed.check];
  return fill === undefined ? { form: undefined, values: {} } : fill(failed);
}

const FILLINGS: Readonly<Record<string, (failed: FailedCheck) => Filling | undefined>> = {
  object_count: ({ parameters, question }) => {
    const [count, min, max] = ['count', 'min', 'max'].map((name) => numberOf(parameters[name]));
    const words = countWords(count ?? (min === max ? min : undefined), min, max);
    if (words === undefined) return undefined;
    const things = thingsIn(question, words.number) ?? (words.number === 1 ? 'object' : 'objects');
    return { form: undefined, values: { count: words.text, things } };
  },
  background_colour: ({ parameters }) => colourFilling(parameters),
  dominant_colour: ({ parameters }) => {
    const colour = colourOf(parameters);
    return colour === undefined ? undefined : { form: undefined, values: { colour } };
  },
  subject_centred: ({ parameters }) => ({ form: textOf(parameters.axis), values: {} }),
  frame_share: ({ parameters, critique }) => {
    const [min = 0, max = 1] = [numberOf(parameters.min), numberOf(parameters.max)];
    const share = Math.min(MOST_SHARE, Math.round(((min + max) / 2) * 20) * 5);
    const form = /closer|at least/.test(critique)
      ? 'larger'
      : /more space|at most/.test(critique)
        ? 'smaller'
        : undefined;
    return { form, values: { share: String(Math.max(5, share)) } };
  },
  transparency: ({ parameters }) => ({ form: textOf(parameters.expect), values: {} }),
  text_present: ({ parameters }) => {
    const text = textOf(parameters.text)?.replaceAll('"', "'");
    if (text === undefined) return { form: 'none', values: {} };
    return {
      form: parameters.only === true || parameters.only === 'true' ? 'only' : undefined,
      values: { text: text.slice(0, MAX_VALUE) },
      isShortened: text.length > MAX_VALUE,
    };
  },
};

function colourFilling(parameters: JsonObject): Filling {
  const colour = colourOf(parameters);
  if (colour === undefined) return { form: undefined, values: {} };
  return colour === 'transparent'
    ? { form: 'transparent', values: {} }
    : { form: 'coloured', values: { colour } };
}

/** A colour by its name, or as `#rrggbb`. */
function colourOf(parameters: JsonObject): string | undefined {
  return textOf(parameters.colour ?? parameters.color)
    ?.slice(0, MAX_VALUE)
    .toLowerCase();
}

function countWords(
  count: number | undefined,
  min: number | undefined,
  max: number | undefined,
): { readonly text: string; readonly number: number } | undefined {
  if (count !== undefined) return { text: String(count), number: count };
  if (min !== undefined && max !== undefined) return { text: `${min} to ${max}`, number: max };
  if (min !== undefined) return { text: `${min} or more`, number: min + 1 };
  return max === undefined ? undefined : { text: `${max} or fewer`, number: max };
}

/** A number, or the text of one, since parameters are rendered from templates. */
function numberOf(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text;
}
