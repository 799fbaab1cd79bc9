import { fullName } from '@atelier/client';
import {
  type CyclePolicy,
  CyclePolicySchema,
  PromptModeSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type JsonObject, toJson } from '@bufbuild/protobuf';
import { decodeMessage } from '../files/decode.ts';
import type { RequestFlags } from './request-flags.ts';
import { parseDuration, parseEnum, parseInteger, parseUsd } from './values.ts';

/** The policy that the options set, over that of a file. Undefined where neither says anything. */
export function buildPolicy(flags: RequestFlags, base: CyclePolicy | undefined): CyclePolicy | undefined {
  const { maxRounds, candidates, maxCost, maxDuration, fallback, refine, promptMode, experimental } = flags;
  const set: JsonObject = {};
  if (maxRounds !== undefined) set.maxRounds = parseInteger('--max-rounds', maxRounds, 1, 10);
  if (candidates !== undefined) set.candidatesPerRound = parseInteger('--candidates', candidates, 1, 16);
  if (maxCost !== undefined) set.maxCostMicroUsd = String(parseUsd('--max-cost', maxCost));
  if (maxDuration !== undefined) set.maxDuration = `${parseDuration('--max-duration', maxDuration) / 1_000}s`;
  if (fallback.length > 0) set.fallbackModels = fallback.map((model) => fullName('models', model));
  if (!refine) set.refine = false;
  if (experimental === true) set.allowExperimental = true;
  if (promptMode !== undefined) set.promptMode = parseEnum('--prompt-mode', PromptModeSchema, promptMode);
  if (Object.keys(set).length === 0) return base;
  const below = toJson(CyclePolicySchema, base ?? create(CyclePolicySchema)) as JsonObject;
  return decodeMessage(CyclePolicySchema, { ...below, ...set }, { file: 'policy', path: '' });
}
