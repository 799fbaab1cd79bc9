/** What a model is asked to answer. Descriptions help models that see the schema and not only its form. */
export const ANSWER_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    prompt: { type: 'string', description: 'The finished text for the image model.' },
    negative_prompt: { type: 'string', description: 'Terms between commas, or empty.' },
    notes: { type: 'string', description: 'What people should know of it, or empty.' },
  },
  required: ['prompt', 'negative_prompt', 'notes'],
  additionalProperties: false,
};

/** Name of the schema, for vendors that want one. */
export const ANSWER_SCHEMA_NAME = 'image_prompt';

/** What a model wrote, cleaned and not yet checked. */
export interface Answer {
  readonly prompt: string;
  readonly negative: string;
  readonly notes: string;
}

/** Longest note that is kept, in characters. */
const MAX_NOTES = 1_000;

/** Reads an answer. A field that is missing or no text is empty; an empty prompt is a fault that the checks find. */
export function readAnswer(json: Readonly<Record<string, unknown>>): Answer {
  return {
    prompt: cleaned(json.prompt),
    negative: cleaned(json.negative_prompt),
    notes: withoutControls(cleaned(json.notes)).slice(0, MAX_NOTES),
  };
}

/** The text with one form for equal letters and for line ends, without blanks around it or in rows. */
function cleaned(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim();
}

/** Notes are for people, on one line; what nobody can see is left out. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ').trim();
}
