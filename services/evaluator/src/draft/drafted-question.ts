import { z } from 'zod';
import { CATEGORY_NAMES } from './categories.ts';

/** How a question of a draft is to be answered. */
const ANSWERED_BY = ['look', 'count', 'text'] as const;

/** A question as the writer gives it. */
export interface DraftedQuestion {
  readonly id: string;
  readonly text: string;
  /** In the writer's words. */
  readonly category: string;
  readonly dependsOn: readonly string[];
  readonly required: boolean;
  /** `look` for a vision model, `count` for an open count, `text` for exact words. */
  readonly answeredBy: (typeof ANSWERED_BY)[number];
  /** For `count`: what is counted, and how many there shall be. */
  readonly counted: string;
  readonly expected: string;
  /** For `text`: the exact words. */
  readonly quoted: string;
  /** Why it has not the form that was asked for; undefined where it has it. What could be read of it is in its place. */
  readonly misshapen?: string;
}

/** What the writer gave. */
export interface Drafted {
  readonly questions: readonly DraftedQuestion[];
  /** Values that the brief gives to the template's variables, by name. */
  readonly values: Readonly<Record<string, string>>;
}

/** One line, without control characters. */
const line = z.string().transform((text) =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed(),
);
const loose = z.union([line, z.number().transform(String)]);

/** What a server that does not honour schemas may leave out has a default. */
const questionSchema = z.object({
  id: line,
  text: line,
  category: line,
  depends_on: z.array(line).default([]),
  required: z.boolean().default(true),
  answered_by: z.enum(ANSWERED_BY).default('look'),
  counted: line.default(''),
  expected: loose.default(''),
  quoted: line.default(''),
});

const draftSchema = z.object({
  questions: z.array(z.unknown()),
  values: z.array(z.object({ name: line, value: loose })).default([]),
});

/** Reads what the writer answered; undefined where it is no draft at all. */
export function readDraft(json: unknown): Drafted | undefined {
  const draft = draftSchema.safeParse(json);
  if (!draft.success) return undefined;
  const { questions, values } = draft.data;
  return {
    questions: questions.map(readQuestion),
    values: Object.fromEntries(values.map(({ name, value }) => [name, value])),
  };
}

function readQuestion(item: unknown, index: number): DraftedQuestion {
  const read = questionSchema.safeParse(item);
  if (read.success) return questionOf(read.data);
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'all of it'}: ${message}`);
  return {
    ...questionOf({ ...questionSchema.parse(NOTHING), ...legible(item, index) }),
    misshapen: `it has not the form that was asked for: ${faults.join('; ')}`,
  };
}

const NOTHING = { id: '', text: '', category: '' };

/** What others need of a question that has not the form: what it is called, and where its children go without it. */
function legible(item: unknown, index: number) {
  const { id, text, depends_on: parents } = { ...(item as Partial<Record<string, unknown>> | null) };
  return {
    id: line.safeParse(id).data ?? `question-${index + 1}`,
    text: line.safeParse(text).data ?? '',
    depends_on: z.array(line).safeParse(parents).data ?? [],
  };
}

function questionOf(read: z.output<typeof questionSchema>): DraftedQuestion {
  const { depends_on: dependsOn, answered_by: answeredBy, ...rest } = read;
  return { ...rest, answeredBy, dependsOn: [...new Set(dependsOn)] };
}

const TEXT = { type: 'string' } as const;

/** Every property is required, and no other is allowed, as all vendors want it. */
function object(properties: Readonly<Record<string, unknown>>) {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  } as const;
}

const QUESTION = object({
  // First, so that the writer has the words of the brief before it when it asks.
  reason: TEXT,
  id: TEXT,
  text: TEXT,
  category: { type: 'string', enum: CATEGORY_NAMES },
  depends_on: { type: 'array', items: TEXT },
  required: { type: 'boolean' },
  answered_by: { type: 'string', enum: ANSWERED_BY },
  counted: TEXT,
  expected: TEXT,
  quoted: TEXT,
});

/** JSON schema of a draft. Values are asked for only where there is a template whose variables they are for. */
export function draftJsonSchema(hasTemplate: boolean): Readonly<Record<string, unknown>> {
  const questions = { type: 'array', items: QUESTION };
  if (!hasTemplate) return object({ questions });
  return object({ values: { type: 'array', items: object({ name: TEXT, value: TEXT }) }, questions });
}
