import { createHash } from 'node:crypto';
import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { VerdictSchema } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type JudgeLine,
  type JudgeSays,
  judgeReply,
  type LanguageProtocol,
  type LanguageServer,
  type ScriptedReply,
  type SeenAsk,
  startLanguageServer,
} from '@atelier/testing';
import { type Fixture, fixture } from '../harness.ts';

/** What a scripted judge says of each line, given what it was shown. */
export type Eyes = (line: JudgeLine, ask: SeenAsk) => string | JudgeSays | undefined;

/** A server whose model judges honestly by what the eyes say. */
export function seeing(protocol: LanguageProtocol, eyes: Eyes): Promise<LanguageServer> {
  return startLanguageServer(protocol, (ask) => judgeReply(ask, (line) => eyes(line, ask)));
}

/** A server that does as it is told for each call. */
export function scripted(
  protocol: LanguageProtocol,
  script: (ask: SeenAsk) => ScriptedReply | Promise<ScriptedReply>,
): Promise<LanguageServer> {
  return startLanguageServer(protocol, script);
}

/** A judge that says yes to everything. */
export function yesSayer(ask: SeenAsk): ScriptedReply {
  return judgeReply(ask, ({ kind }) => (kind === 'yes_no' ? 'yes' : undefined));
}

const TYPES = {
  openai: 'openai-compatible',
  anthropic: 'anthropic',
  gemini: 'gemini',
  replicate: 'replicate',
};
const MODELS = {
  openai: 'see-1',
  anthropic: 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
  replicate: 'openai/gpt-4o',
};

/** Variables of a judge behind a scripted server. `more` are fields of it, without what they begin with. */
export function judgeEnv(
  name: string,
  protocol: LanguageProtocol,
  { url }: Pick<LanguageServer, 'url'>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const fields = {
    TYPE: TYPES[protocol],
    MODEL: MODELS[protocol],
    BASE_URL: url,
    API_KEY: 'key-of-a-test',
    LOG_PROBABILITIES: 'off',
    PRICE_INPUT: '1',
    PRICE_OUTPUT: '2',
    ASKS: '1',
    ...more,
  };
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`JUDGE_${name.toUpperCase()}_${field}`, value]),
  );
}

/** An evaluator whose one vision model is behind a scripted server, beside the builtin judge. */
export async function withEye(
  server: LanguageServer,
  more: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
  protocol: LanguageProtocol = 'openai',
): Promise<Fixture> {
  return fixture({ EVALUATOR_JUDGES: 'builtin,eye', ...judgeEnv('eye', protocol, server, more), ...env });
}

/** Verdicts by the ids of their questions. */
export function verdicts(answers: readonly Answer[]): Record<string, string> {
  return Object.fromEntries(
    answers.map(({ questionId, verdict }) => [questionId, VerdictSchema.value[verdict]?.localName ?? '']),
  );
}

/** Digest by which a scripted judge knows a picture again. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
