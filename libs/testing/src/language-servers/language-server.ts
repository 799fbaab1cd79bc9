import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { openai } from './openai.ts';
import { replicate } from './replicate.ts';
import type {
  LanguageProtocol,
  LanguageServer,
  LanguageServerOptions,
  ScriptedReply,
  SeenAsk,
} from './script.ts';
import { type Dialect, Objection, type Stage, type WireReply, type WireRequest } from './wire.ts';

const DIALECTS: Readonly<Record<LanguageProtocol, Dialect>> = { openai, anthropic, gemini, replicate };

/**
 * Starts a vendor of language models on loopback, which speaks the vendor's published protocol and has a script for a
 * model. It holds requests to the protocol: a missing key, an unknown field, an image that is none are refused as the vendor
 * refuses them, and are told as objections.
 */
export async function startLanguageServer(
  protocol: LanguageProtocol,
  script: (ask: SeenAsk) => ScriptedReply | Promise<ScriptedReply>,
  options: LanguageServerOptions = {},
): Promise<LanguageServer> {
  const dialect = DIALECTS[protocol];
  const asks: SeenAsk[] = [];
  const objections: string[] = [];
  const happenings = new Happenings();
  const memory = new Map<string, unknown>();
  let abandoned = 0;
  const abandon = () => {
    abandoned += 1;
    happenings.tell();
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${dialect.base}`;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming, dialect.base);
    let isOpen = false;
    let halfway = false;
    const stage: Stage = {
      url,
      key: options.key,
      isSlow: options.isSlow === true,
      memory,
      abandon,
      async ask(asked) {
        const { headers, json: body } = request;
        const ask = { ...asked, number: asks.length + 1, headers, body };
        asks.push(ask);
        isOpen = true;
        response.on('close', () => {
          if (isOpen && !response.writableFinished) abandon();
        });
        happenings.tell();
        const reply = await script(ask);
        halfway = reply.kind === 'drop' && reply.halfway === true;
        return reply;
      },
    };
    const reply = await dialect.handle(request, stage).catch((error: unknown) => {
      if (!(error instanceof Objection)) throw error;
      objections.push(error.message);
      return dialect.error(error.status, error.message, { code: error.code });
    });
    if (reply === 'drop') isOpen = false;
    send(response, reply, halfway);
  }

  return {
    url,
    asks,
    objections,
    asked: (count) => happenings.until(() => asks.length >= count),
    abandoned: (count) => happenings.until(() => abandoned >= count),
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** Things that somebody waits for. */
class Happenings {
  #waiting: (() => void)[] = [];

  tell(): void {
    const told = this.#waiting;
    this.#waiting = [];
    for (const tell of told) tell();
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

function send(response: ServerResponse, reply: WireReply, halfway: boolean): void {
  if (reply === 'hang' || response.destroyed) return;
  if (reply === 'flood') {
    response.writeHead(200, { 'content-type': 'application/json' });
    Readable.from(endless()).pipe(response);
    return;
  }
  if (reply === 'drop') {
    if (!halfway) {
      response.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
    response.write('{"id": "cut in the mid', () => response.destroy());
    return;
  }
  const bytes = Buffer.from(JSON.stringify(reply.body));
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length, ...reply.headers };
  response.writeHead(reply.status, headers).end(bytes);
}

function* endless(): Generator<Buffer> {
  const chunk = Buffer.alloc(1_000_000, ' ');
  for (;;) yield chunk;
}

async function readRequest(incoming: IncomingMessage, base: string): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://vendor.example');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    path: pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : '',
    query: searchParams,
    headers: Object.fromEntries(headers),
    body,
    json: parsed(body),
  };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}
