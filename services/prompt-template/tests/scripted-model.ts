import { once } from 'node:events';
import { type LanguageModel, ModelFailure, type ModelRequest } from '@atelier/language-models';
import {
  type Cost,
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';

/** What a scripted model does with an ask: answers, fails, or never answers. */
export type Reply = object | ModelFailure | 'hang';

/** A language model without a vendor, for what a writer makes of its answers. */
export interface ScriptedModel extends LanguageModel {
  readonly asks: readonly ModelRequest[];
}

/** Prices in millionths of a US dollar for a token, which is a byte here. */
const PRICE_IN = 2;
const PRICE_OUT = 8;

export function scriptedModel(
  script: (material: Material, number: number) => Reply,
  { priced = true }: { readonly priced?: boolean } = {},
): ScriptedModel {
  const asks: ModelRequest[] = [];
  return {
    instance: 'prompt-llm',
    type: 'openai',
    model: 'scripted-1',
    vision: true,
    logProbabilities: false,
    takesTemperature: true,
    settings: 'scripted',
    priced,
    asks,
    async ask(request, signal) {
      signal.throwIfAborted();
      asks.push(request);
      const reply = script(materialOf(request), asks.length);
      if (reply === 'hang') {
        await once(signal, 'abort');
        throw signal.reason;
      }
      const text = reply instanceof ModelFailure ? 'no' : JSON.stringify(reply);
      // A model stops where it must, whatever it would still have said.
      const output = Math.min(request.maxOutputTokens, Buffer.byteLength(text));
      const usage = usageOf(request, inputBytes(request), output, priced);
      if (reply instanceof ModelFailure) throw new ModelFailure(reply.kind, reply.message, { usage });
      return { text, json: reply as Record<string, unknown>, tokens: undefined, usage };
    },
    estimate(request): Cost {
      if (!priced) return create(CostSchema, { basis: CostBasis.UNKNOWN });
      const micro = inputBytes(request) * PRICE_IN + request.maxOutputTokens * PRICE_OUT;
      return create(CostSchema, { microUsd: BigInt(micro), basis: CostBasis.ESTIMATED });
    },
  };
}

/** The document that a request tells a model. */
export interface Material {
  readonly task: string;
  readonly must_say: readonly string[];
  readonly rejected?: readonly { readonly answer: string; readonly faults: readonly string[] }[];
  readonly [more: string]: unknown;
}

export function materialOf({ parts }: Pick<ModelRequest, 'parts'>): Material {
  const [part] = parts;
  if (parts.length !== 1 || part?.kind !== 'text') throw new Error('a writer asks in one text');
  return JSON.parse(part.text) as Material;
}

export function answerOf(prompt: string, more: { negative_prompt?: string; notes?: string } = {}) {
  return { prompt, negative_prompt: '', notes: '', ...more };
}

/** Known cost of usages together; undefined where one is unknown. */
export function costOf(usage: readonly Usage[]): bigint | undefined {
  return usage.reduce<bigint | undefined>((sum, { cost }) => {
    const amount = cost?.microUsd;
    return sum === undefined || amount === undefined ? undefined : sum + amount;
  }, 0n);
}

function inputBytes({ system, parts, schema }: ModelRequest): number {
  const texts = parts.map((part) => (part.kind === 'text' ? part.text : ''));
  return Buffer.byteLength([system, ...texts, JSON.stringify(schema)].join(''));
}

function usageOf({ usageKind }: ModelRequest, input: number, output: number, priced: boolean): Usage[] {
  const one = (unit: string, units: number, price: number) =>
    create(UsageSchema, {
      kind: usageKind,
      model: 'llms/scripted-1',
      units,
      unit,
      cost: priced
        ? { microUsd: BigInt(units * price), basis: CostBasis.ACTUAL }
        : { basis: CostBasis.UNKNOWN },
    });
  return [one('input_token', input, PRICE_IN), one('output_token', output, PRICE_OUT)];
}

/** Kinds of usage by task, for what tests expect. */
export const KIND_OF_TASK = {
  expand: UsageKind.EXPAND,
  refine: UsageKind.REFINE,
  edit: UsageKind.REFINE,
} as const;
