import type { ImagePart, ModelRequest, TextPart } from '@atelier/language-models';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ANSWER } from './instructions.ts';
import { type Line, wordsOf } from './layout.ts';

/** A picture to be shown. For an upper bound of costs it may be without bytes. */
export type Picture = Omit<ImagePart, 'kind'>;

/** Tokens of an answer: what stands about the entries, an entry with two sentences of 25 words, and one with a text read out. */
const TOKENS = { frame: 128, entry: 200, reading: 600 } as const;

/** One call, before it is put into a model's terms. */
export interface Call {
  readonly picture: Picture;
  readonly references: readonly Picture[];
  readonly lines: readonly Line[];
  /** What was wrong with the answer before, in words; empty at first. */
  readonly fault: string;
  readonly temperature: number | undefined;
  readonly logProbabilities: boolean;
}

/** The call as a request. Pictures come first, so that repeats have their beginning in common, which vendors keep. */
export function questionRequest(call: Call): ModelRequest {
  const { picture, references, lines, fault, temperature, logProbabilities } = call;
  const questions = lines.map((line) => {
    const { form, text } = wordsOf(line);
    return { id: line.id, kind: form, question: text };
  });
  const parts = [
    ...shown('picture', picture),
    ...references.flatMap((reference, index) => shown(`reference ${index + 1}`, reference)),
    ...(fault === '' ? [] : [told(fault)]),
    // Quotes and line ends of others' words are escaped, so that what is inside cannot end what it is in.
    told(JSON.stringify({ questions })),
  ];
  return {
    usageKind: UsageKind.JUDGE,
    system: ANSWER.text,
    parts,
    schema: schemaFor(lines),
    schemaName: 'answers',
    maxOutputTokens: lines.reduce<number>(
      (sum, line) => sum + (wordsOf(line).form === 'read' ? TOKENS.reading : TOKENS.entry),
      TOKENS.frame,
    ),
    temperature,
    logProbabilities,
  };
}

/** A picture under its heading. */
export function shown(heading: string, picture: Picture): (ImagePart | TextPart)[] {
  return [told(`${heading}:`), { kind: 'image', ...picture }];
}

function told(text: string): TextPart {
  return { kind: 'text', text };
}

/** Yes or no and nothing else, where nothing else is asked for. */
function schemaFor(lines: readonly Line[]): ModelRequest['schema'] {
  const isYesNo = lines.every((line) => wordsOf(line).form === 'yes_no');
  const properties = {
    id: { type: 'string', enum: lines.map(({ id }) => id) },
    answer: isYesNo ? { type: 'string', enum: ['yes', 'no'] } : { type: 'string' },
    finding: { type: 'string' },
    fix: { type: 'string' },
  };
  return object({ answers: { type: 'array', items: object(properties) } });
}

/** Schema of an object that has all of these properties and no other. */
export function object(properties: Readonly<Record<string, unknown>>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
