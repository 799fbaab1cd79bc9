import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply, Scene, ScriptedRequest, VendorScript } from './vendor-script.ts';

/** What happens to the answer of a submit on its way. */
export type Accident =
  /** The connection is closed instead of an answer. */
  | 'lost'
  /** The connection is closed in the middle of the answer. */
  | 'truncated'
  /** The answer is no document of its kind. */
  | 'malformed'
  /** The answer is a 200 with nothing in it. */
  | 'empty';

/** A vendor played by a script, with what it saw. */
export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  /** Requests in the order in which they came, results that were fetched left out. */
  readonly requests: readonly ScriptedRequest[];
  /** How many paid submits arrived. */
  readonly submits: number;
  /** How the next submits go; the last one goes on for ever. */
  play(scenes: readonly Scene[], accident?: Accident): void;
  /** What the vendor remembers, such as its jobs: a test may change how they go on. */
  readonly memory: Map<string, unknown>;
  /** Settles when a request like this has come. */
  seen(isWanted: (request: ScriptedRequest) => boolean): Promise<ScriptedRequest>;
  /** Puts bytes at an address of this server. */
  host(bytes: Buffer): string;
}

/** Starts a server for a script. Every host of the vendor is this one. */
export async function startScriptedServer(script: VendorScript): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const hosted: Buffer[] = [];
  const memory = new Map<string, unknown>();
  let waiting: (() => void)[] = [];
  let scenes: readonly Scene[] = [];
  let scene: Scene = { kind: 'images', images: [] };
  let accident: Accident | undefined;
  let submits = 0;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host = (bytes: Buffer) => `${origin}/hosted/${hosted.push(bytes) - 1}`;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const found = /^\/hosted\/(\d+)$/.exec(request.path);
    if (found !== null) {
      response.writeHead(200, { 'content-type': 'image/png' }).end(hosted[Number(found[1])]);
      return;
    }
    const isSubmit = script.isSubmit(request);
    if (isSubmit) {
      scene = scenes[Math.min(submits, scenes.length - 1)] ?? scene;
      submits += 1;
    }
    requests.push(request);
    const told = waiting;
    waiting = [];
    const reply = script.reply(request, { origin, scene, memory, host });
    if (reply !== undefined) send(response, reply, isSubmit ? accident : undefined);
    for (const tell of told) tell();
  }

  return {
    origin,
    requests,
    memory,
    get submits() {
      return submits;
    },
    play(next, nextAccident) {
      scenes = next;
      accident = nextAccident;
      submits = 0;
      requests.length = 0;
      memory.clear();
    },
    async seen(isWanted) {
      for (;;) {
        const request = requests.find(isWanted);
        if (request !== undefined) return request;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    host,
    [Symbol.asyncDispose]: () => close(server),
  };
}

function send(response: ServerResponse, reply: Reply, accident: Accident | undefined): void {
  const { status, headers = {}, body } = reply;
  const isBytes = Buffer.isBuffer(body);
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  const bytes = isBytes ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const all = { 'content-type': type, ...headers };
  switch (accident) {
    case 'lost':
      response.destroy();
      return;
    case 'truncated':
      response.writeHead(status, { ...all, 'content-length': bytes.length + 64 });
      response.write(bytes, () => response.destroy());
      return;
    case 'malformed':
      response.writeHead(status, all).end('{"answer": [tru');
      return;
    case 'empty':
      response.writeHead(200, { 'content-length': 0 }).end();
      return;
    default:
      response.writeHead(status, { ...all, 'content-length': bytes.length }).end(bytes);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const url = new URL(incoming.url ?? '/', 'http://vendor.example');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
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
