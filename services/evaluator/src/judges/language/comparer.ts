import type { LanguageModel, ModelRequest } from '@atelier/language-models';
import type { Logger } from '@atelier/observability';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { z } from 'zod';
import { shownImage } from '../../pixels/index.ts';
import { timesBound } from '../costs.ts';
import { type Comparer, judgeName, type Spend } from '../judge.ts';
import { callModel, type ModelLine } from './call-model.ts';
import { pictureOf } from './estimate.ts';
import { NO_FORM } from './failures.ts';
import { COMPARE, WORDS } from './instructions.ts';
import { object, type Picture, shown } from './question-request.ts';
import { cut } from './read-answers.ts';

/** Each pair is shown twice, once in either order. */
const ORDERS = 2;

/** How often a model is asked again that did not answer as it was asked to. */
const REPEATS = 2;

const choice = z.object({ better: z.enum(['first', 'second', 'same']), reason: z.string() });

/** What a model said of a pair in the order in which it saw it. */
type Seen =
  | { readonly better: 'first' | 'second' | 'same'; readonly reason: string }
  | { readonly better: undefined; readonly reason: string };

interface ComparerOptions {
  readonly model: LanguageModel;
  readonly log: Logger;
}

/** Compares by a vision model, in both orders: which picture comes first sways models, each in its own direction. */
export function languageComparer(options: ComparerOptions, named: (spend: Spend) => Spend): Comparer {
  const { model } = options;
  const judge = judgeName({
    instance: model.instance,
    version: `${model.model}/compare@${COMPARE.version}`,
  });
  return {
    async compare({ a, b, brief, spend }, signal) {
      const [pictureA, pictureB] = await Promise.all([shownImage(a), shownImage(b)]);
      const line = { ...options, spend: named(spend) };
      const look = (first: Picture, second: Picture) =>
        see(line, (fault) => requestFor(first, second, brief, fault), signal);
      const [aFirst, bFirst] = await Promise.all([look(pictureA, pictureB), look(pictureB, pictureA)]);
      return {
        judge,
        aFirst: preference(aFirst, Preference.A, Preference.B),
        bFirst: preference(bFirst, Preference.B, Preference.A),
        rationale: rationaleOf(aFirst, bFirst),
      };
    },
    estimate([a, b], brief) {
      const request = requestFor(pictureOf(a), pictureOf(b), brief, Object.values(WORDS.fault).join(' '));
      return timesBound(model.estimate(request), ORDERS * (1 + REPEATS));
    },
  };
}

function requestFor(first: Picture, second: Picture, brief: string, fault: string): ModelRequest {
  return {
    usageKind: UsageKind.JUDGE,
    system: COMPARE.text,
    parts: [
      { kind: 'text', text: JSON.stringify({ brief }) },
      ...shown('first picture', first),
      ...shown('second picture', second),
      ...(fault === '' ? [] : [{ kind: 'text', text: fault } as const]),
    ],
    schema: object({
      better: { type: 'string', enum: ['first', 'second', 'same'] },
      reason: { type: 'string' },
    }),
    schemaName: 'comparison',
    maxOutputTokens: 256,
    temperature: 0,
  };
}

async function see(
  line: ModelLine,
  requestWith: (fault: string) => ModelRequest,
  signal: AbortSignal,
): Promise<Seen> {
  let fault = '';
  for (let attempt = 0; attempt <= REPEATS; attempt += 1) {
    const called = await callModel(line, requestWith(fault), signal);
    if (called.kind === 'none') return { better: undefined, reason: called.critique };
    const read = called.kind === 'answered' ? choice.safeParse(called.answer.json) : undefined;
    if (read?.success) return { ...read.data, reason: cut(read.data.reason) };
    fault = WORDS.fault.malformed;
  }
  return { better: undefined, reason: NO_FORM.critique };
}

function preference({ better }: Seen, first: Preference, second: Preference): Preference {
  if (better === undefined) return Preference.CANNOT_JUDGE;
  return better === 'same' ? Preference.TIE : better === 'first' ? first : second;
}

/** In terms of A and B: what the judge called the first was B when B was shown first. Why there is no answer goes first. */
function rationaleOf(aFirst: Seen, bFirst: Seen): string {
  const lack = [aFirst, bFirst].find(({ better }) => better === undefined);
  if (lack !== undefined) return lack.reason;
  return aFirst.reason
    .replaceAll(/\bthe first(?: picture| image| one)?\b/gi, 'image A')
    .replaceAll(/\bthe second(?: picture| image| one)?\b/gi, 'image B');
}
