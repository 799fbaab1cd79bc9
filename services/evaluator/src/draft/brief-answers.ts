import { z } from 'zod';

const ANSWERS = ['yes', 'no', 'unknown'] as const;

/** What a brief answers to a question. */
export interface BriefAnswer {
  readonly answer: (typeof ANSWERS)[number];
  readonly reason: string;
}

const answerSchema = z.object({
  number: z.coerce.number().int(),
  answer: z.preprocess(
    (word) => (typeof word === 'string' ? word.trim().toLowerCase() : word),
    z.enum(ANSWERS),
  ),
  reason: z.string().default(''),
});

const answersSchema = z.object({ answers: z.array(z.unknown()) });

/** JSON schema of the answers. The reason comes first, so that the answer follows from it. */
export const answersJsonSchema = {
  type: 'object',
  properties: {
    answers: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          number: { type: 'integer' },
          reason: { type: 'string' },
          answer: { type: 'string', enum: ANSWERS },
        },
        required: ['number', 'reason', 'answer'],
        additionalProperties: false,
      },
    },
  },
  required: ['answers'],
  additionalProperties: false,
} as const;

/**
 * Reads answers by the numbers of their questions. What has not the form counts as not answered, and so does a question that
 * was answered in different ways.
 */
export function readAnswers(json: unknown): ReadonlyMap<number, BriefAnswer> {
  const given = answersSchema.safeParse(json);
  const found = new Map<number, BriefAnswer>();
  const contradicted = new Set<number>();
  for (const item of given.data?.answers ?? []) {
    const read = answerSchema.safeParse(item);
    if (!read.success) continue;
    const { number, answer, reason } = read.data;
    const earlier = found.get(number);
    if (earlier !== undefined && earlier.answer !== answer) contradicted.add(number);
    found.set(number, { answer, reason });
  }
  for (const number of contradicted) found.delete(number);
  return found;
}
