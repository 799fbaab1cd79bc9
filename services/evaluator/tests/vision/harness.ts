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
import { discs, type Fixture, fixture } from '../harness.ts';

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

/** What plays in place of a vendor, and what it was asked since. */
type Script = (ask: SeenAsk) => ScriptedReply | Promise<ScriptedReply>;

/** One evaluator for all tests of a file, whose vision model plays another part in each. */
export interface Stage extends AsyncDisposable {
  readonly mesh: Fixture;
  readonly server: LanguageServer;
  /** Has the model follow a script from now on. Gives what it is asked; calls count from 1 again. */
  play(script: Script): readonly SeenAsk[];
  /** The same for a judge that is honest by what its eyes say. */
  see(eyes: Eyes): readonly SeenAsk[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a stage. `more` are fields of the judge `eye`. */
export async function stage(
  more: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  let current: Script = () => ({ kind: 'refused' });
  let seen: SeenAsk[] = [];
  const server = await startLanguageServer('openai', (ask) => {
    const asked = { ...ask, number: seen.length + 1 };
    seen.push(asked);
    return current(asked);
  });
  const mesh = await withEye(server, more, env);
  const play = (script: Script) => {
    current = script;
    seen = [];
    return seen;
  };
  return {
    mesh,
    server,
    play,
    see: (eyes) => play((ask) => judgeReply(ask, (line) => eyes(line, ask))),
    async [Symbol.asyncDispose]() {
      await mesh[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

let pictures = 0;

/** So many red discs, in a red that no picture before had: what is kept of one test's picture is not another's. */
export function fresh(count: number): Promise<Buffer> {
  pictures += 1;
  return discs(count, `#cc22${(pictures % 64).toString(16).padStart(2, '0')}`);
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
