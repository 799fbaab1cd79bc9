import { type LanguageModel, ModelFailure } from '@atelier/language-models';
import { CostBasis, CostSchema, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { ScriptedReply } from '@atelier/testing';
import { create } from '@bufbuild/protobuf';
import type { WriterAsk } from './scripted-writer.ts';
export function scriptedModel(script: (ask: WriterAsk) => ScriptedReply): LanguageModel {
  return {
    instance: 'writer',
    type: 'openai',
    model: 'drafter-1',
    vision: false,
    logProbabilities: false,
    takesTemperature: true,
    priced: true,
    estimate: () => create(CostSchema, { microUsd: 1_000n, basis: CostBasis.ESTIMATED }),
    ask: async ({ parts, usageKind }, signal) => {
      signal.throwIfAborted();
      const usage = [
        create(UsageSchema, { kind: usageKind, model: 'llms/writer', units: 10, unit: 'input_token' }),
      ];
      const [part] = parts;
      const reply = script(JSON.parse(part?.kind === 'text' ? part.text : '{}'));
      if (reply.kind === 'refused') throw new ModelFailure('refused', 'refused', { usage });
      if (reply.kind !== 'json') throw new ModelFailure('malformed', 'malformed', { usage });
      const text = JSON.stringify(reply.json);
      return { text, json: JSON.parse(text), tokens: undefined, usage };
    },
  };
}
