import type { CallLimits } from '@atelier/coordination';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type LanguageProtocol,
  type LanguageServer,
  type ScriptedReply,
  startLanguageServer,
} from '@atelier/testing';
import { expect } from '@jest/globals';
import { ModelFailure, type ModelRequest } from '../../src/index.ts';
import { ANSWER, KEY, never, type Opened, open, request } from '../world.ts';

/** A driver under test. */
export interface Subject {
  readonly type: string;
  readonly protocol: LanguageProtocol;
  /** A model with a price, or of a server that has none. */
  readonly model: string;
  /** Further variables. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether its protocol tells log-probabilities. */
  readonly tells: boolean;
  /** Whether the vendor holds answers to a schema. */
  readonly structured: boolean;
}

/** What every driver does, whatever its vendor's protocol. The vendor is a scripted server. */
/** An answer that every test takes. */
export const good: ScriptedReply = { kind: 'json', json: ANSWER };

/** A vendor that is played, and instances that ask it. */
export class Stage implements AsyncDisposable {
  readonly subject: Subject;
  readonly #servers: LanguageServer[] = [];

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** Starts the vendor. Its replies come in order, and the last for ever. */
  start(...replies: readonly ScriptedReply[]): Promise<LanguageServer> {
    return this.play(({ number }) => replies[Math.min(number, replies.length) - 1] as ScriptedReply);
  }

  /** Starts the vendor with a script. */
  async play(script: Parameters<typeof startLanguageServer>[1], key = KEY): Promise<LanguageServer> {
    const server = await startLanguageServer(this.subject.protocol, script, { key });
    this.#servers.push(server);
    return server;
  }

  /** Opens an instance that asks a server. */
  opened(
    server: { readonly url: string },
    fields: Readonly<Record<string, string>> = {},
    options: { limits?: CallLimits; name?: string } = {},
  ): Opened {
    const { type, model, fields: further } = this.subject;
    return open(
      { TYPE: type, MODEL: model, BASE_URL: server.url, API_KEY: KEY, ...further, ...fields },
      options,
    );
  }

  /** Asks what will fail, and gives the failure. */
  async failing({ model }: Opened, asked: ModelRequest = request()): Promise<ModelFailure> {
    const failure = await model.ask(asked, never).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ModelFailure);
    return failure as ModelFailure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers.splice(0)) await server[Symbol.asyncDispose]();
  }
}

/** Units of a kind, all together. */
export function units(usage: readonly Usage[], unit: string): number {
  return usage.reduce((sum, entry) => (entry.unit === unit ? sum + entry.units : sum), 0);
}
