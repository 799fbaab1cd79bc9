import { randomUUID } from 'node:crypto';
import { credential, type Fields, object } from './checks.ts';
import { inputSchema, readInput } from './replicate-input.ts';
import type { ScriptedReply } from './script.ts';
import { countTokens } from './tokens.ts';
import {
  type Asked,
  type Dialect,
  type ErrorOptions,
  Objection,
  retryAfter,
  type Stage,
  type WireReply,
  type WireRequest,
} from './wire.ts';

/** A prediction, and how often it has to be looked at before it is over. */
interface Prediction {
  readonly end: Fields;
  looks: number;
}

/** Replicate's predictions, with models that read images. */
export const replicate: Dialect = {
  base: '/v1',
  async handle(request, stage) {
    credential(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1], stage.key);
    const [, resource, first = '', second = '', third] =
      /^\/([a-z]+)(?:\/([\w.-]+))?(?:\/([\w.-]+))?(?:\/([a-z]+)(?:\/[0-9a-f]{64})?)?$/.exec(request.path) ??
      [];
    const route = `${request.method} ${resource}${third === undefined ? '' : `/${third}`}`;
    if (route === 'GET models') return model(`${first}/${second}`);
    if (route === 'GET models/versions') return { status: 200, body: versionOf(`${first}/${second}`) };
    if (route === 'POST files') return file(request, stage);
    if (route === 'POST models/predictions') return create(`${first}/${second}`, request, stage);
    if (route === 'POST predictions' && second === '') {
      return create(`versions/${String(object(request.json, 'body').version)}`, request, stage);
    }
    const prediction = stage.memory.get(first) as Prediction | undefined;
    if (resource !== 'predictions' || prediction === undefined) throw new Objection('Not found.', 404);
    if (second === 'cancel') return cancel(first, prediction, stage);
    prediction.looks -= 1;
    return shown(first, prediction, stage, 200);
  },
  error,
};

function error(status: number, message: string, options: ErrorOptions = {}): WireReply {
  return {
    status,
    headers: retryAfter(options),
    body: { title: `Error ${status}`, detail: message, status },
  };
}

function model(name: string): WireReply {
  const [owner, short] = name.split('/');
  const body = { owner, name: short, visibility: 'public', latest_version: versionOf(name) };
  return { status: 200, body };
}

function versionOf(name: string): object {
  const schemas = { Input: inputSchema(name), Output: { type: 'array', items: { type: 'string' } } };
  return { id: 'a'.repeat(64), openapi_schema: { openapi: '3.0.2', components: { schemas } } };
}

/** Keeps an uploaded file under an address, as Replicate does for a day. */
async function file(request: WireRequest, stage: Stage): Promise<WireReply> {
  const type = request.headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(request.body), {
    headers: { 'content-type': type },
  }).formData();
  const content = form.get('content');
  if (!(content instanceof Blob)) throw new Objection('content: a file is expected');
  const get = `${stage.url}/files/${randomUUID()}`;
  const base64 = Buffer.from(await content.arrayBuffer()).toString('base64');
  stage.memory.set(get, `data:${content.type};base64,${base64}`);
  return {
    status: 201,
    body: { id: get.slice(-36), content_type: content.type, size: content.size, urls: { get } },
  };
}

async function create(name: string, request: WireRequest, stage: Stage): Promise<WireReply> {
  const asked = await readInput(name, object(request.json, 'body'), stage.memory);
  const reply = await stage.ask(asked);
  if (reply.kind === 'status') return error(reply.status, reply.message ?? `Status ${reply.status}`, reply);
  if (reply.kind === 'drop' || reply.kind === 'flood') return reply.kind;
  const waits = /^wait(=\d+)?$/.test(request.headers.prefer ?? '') && !stage.isSlow;
  const looks = reply.kind === 'hang' ? Number.POSITIVE_INFINITY : waits ? 0 : 2;
  const id = randomUUID();
  const prediction: Prediction = { end: ended(asked, reply), looks };
  stage.memory.set(id, prediction);
  return shown(id, prediction, stage, 201);
}

function cancel(id: string, prediction: Prediction, stage: Stage): WireReply {
  stage.memory.set(id, { end: { ...prediction.end, status: 'canceled', output: null }, looks: 0 });
  if (prediction.looks > 0) stage.abandon();
  return shown(id, stage.memory.get(id) as Prediction, stage, 200);
}

function shown(id: string, { end, looks }: Prediction, { url }: Stage, status: number): WireReply {
  const urls = {
    get: `${url}/predictions/${id}`,
    cancel: `${url}/predictions/${id}/cancel`,
    web: `${url}/p/${id}`,
  };
  const pending = {
    ...end,
    status: looks > 1 ? 'starting' : 'processing',
    output: null,
    error: null,
    metrics: {},
  };
  return { status, body: { id, ...(looks > 0 ? pending : end), urls } };
}

function ended(asked: Asked, reply: ScriptedReply): Fields {
  const facts = {
    model: asked.model,
    version: 'hidden',
    input: {},
    data_removed: false,
    logs: '',
    created_at: '2026-01-01T00:00:00Z',
  };
  if (reply.kind === 'refused') {
    const words =
      'The input or output was flagged as sensitive. Please try again with different inputs. (E005)';
    return { ...facts, status: 'failed', output: null, error: reply.message ?? words, metrics: {} };
  }
  const words = said(reply);
  const input_token_count = [asked.system, ...asked.texts].reduce((sum, part) => sum + countTokens(part), 0);
  const output_token_count = reply.kind === 'cut' ? (asked.maxOutputTokens ?? 1) : countTokens(words);
  const metrics = { input_token_count, output_token_count, predict_time: 1.5, total_time: 1.6 };
  const output = words.match(/[\s\S]{1,12}/gu) ?? [];
  return { ...facts, status: 'succeeded', output, error: null, metrics };
}

function said(reply: ScriptedReply): string {
  switch (reply.kind) {
    case 'json':
      return `Here is the answer:\n\n\`\`\`json\n${JSON.stringify(reply.json, undefined, 2)}\n\`\`\``;
    case 'text':
      return reply.text;
    default:
      return '{"answers":[{"id":"';
  }
}
