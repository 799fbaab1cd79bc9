import { type LanguageServer, type ScriptedReply, type SeenAsk, startLanguageServer } from '@atelier/testing';
import type { WriterAsk } from './scripted-writer.ts';

/** A server whose model is the writer of an evaluator. */
export interface WriterServer extends AsyncDisposable {
  readonly server: LanguageServer;
  /** Variables with which an evaluator drafts by it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a server that speaks the protocol of OpenAI, with a script for a writer. It costs 1 and 4 dollars per million tokens. */
export async function startWriter(
  script: (ask: WriterAsk) => ScriptedReply | Promise<ScriptedReply>,
): Promise<WriterServer> {
  const server = await startLanguageServer('openai', (ask) => script(dataOf(ask)), { key: 'sk-writer' });
  return {
    server,
    env: {
      JUDGE_WRITER_TYPE: 'openai-compatible',
      JUDGE_WRITER_MODEL: 'drafter-1',
      JUDGE_WRITER_BASE_URL: server.url,
      JUDGE_WRITER_API_KEY: 'sk-writer',
      JUDGE_WRITER_PRICE_INPUT: '1',
      JUDGE_WRITER_PRICE_OUTPUT: '4',
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What the writer is told, which is one JSON object. */
export function dataOf({ texts }: SeenAsk): WriterAsk {
  if (texts.length !== 1) throw new Error(`expected one text, there are ${texts.length}`);
  return JSON.parse(texts[0] ?? '') as WriterAsk;
}
