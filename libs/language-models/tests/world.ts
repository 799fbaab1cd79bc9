import { type Environment, instances } from '@atelier/config';
import { type CallLimits, LocalLimits } from '@atelier/coordination';
import { createLogger } from '@atelier/observability';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import sharp from 'sharp';
import { type ImagePart, type LanguageModel, type ModelRequest, openLanguageModel } from '../src/index.ts';

/** A key that must not be seen anywhere but in the header of a request. */
export const KEY = 'sk-that-nobody-may-see-0123456789';

/** Words of a request that must not be seen in errors and logs. */
export const WORDS = 'Is the pomegranate in the picture ripe?';

export const never = new AbortController().signal;

/** A language model under test, with the lines that it logged. */
export interface Opened {
  readonly model: LanguageModel;
  readonly lines: readonly string[];
}

/** Opens an instance by its variables, as a service does: `JUDGE_QWEN_TYPE` is `TYPE` here. */
export function open(
  fields: Environment,
  { limits = new LocalLimits() as CallLimits, name = 'QWEN', onLine = (_line: string): void => {} } = {},
): Opened {
  const env = Object.entries(fields).map(([field, value]) => [`JUDGE_${name}_${field}`, value]);
  const [instance] = instances(Object.fromEntries(env), 'JUDGE').values();
  if (instance === undefined) throw new Error('no such instance');
  const lines: string[] = [];
  const log = createLogger({
    service: 'test',
    level: 'trace',
    destination: {
      write(line: string) {
        lines.push(line);
        onLine(line);
      },
    },
  });
  // Pauses before repeats are as short as chance allows.
  return {
    model: openLanguageModel(instance, { limits, log, variable: `JUDGE_${name}`, random: () => 0 }),
    lines,
  };
}

/** The schema of an answer about one question. */
export const SCHEMA = {
  type: 'object',
  properties: {
    answers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: { type: 'string' }, answer: { type: 'string', enum: ['yes', 'no'] } },
        required: ['id', 'answer'],
        additionalProperties: false,
      },
    },
  },
  required: ['answers'],
  additionalProperties: false,
} as const;

/** An answer that fits it. */
export const ANSWER = { answers: [{ id: 'q1', answer: 'yes' }] };

/** A request of a judge. */
export function request(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    usageKind: UsageKind.JUDGE,
    system: 'You judge pictures.',
    parts: [{ kind: 'text', text: WORDS }],
    schema: SCHEMA,
    schemaName: 'answers',
    maxOutputTokens: 200,
    temperature: 0,
    ...changes,
  };
}

/** A picture of one colour. */
export async function picture(width: number, height: number, colour = '#c03020'): Promise<ImagePart> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
  return { kind: 'image', bytes: new Uint8Array(bytes), mediaType: 'image/png', width, height };
}

/** A picture of noise, whose file is large. */
export async function noise(side: number): Promise<ImagePart> {
  const pixels = Buffer.alloc(side * side * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (state * 48_271) % 2_147_483_647;
    pixels[at] = state % 256;
  }
  const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
  return { kind: 'image', bytes: new Uint8Array(bytes), mediaType: 'image/png', width: side, height: side };
}
