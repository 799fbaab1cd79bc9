import { credential } from './checks.ts';
import { openaiImageTokens } from './image-tokens.ts';
import { readChat } from './openai-request.ts';
import type { ScriptedReply } from './script.ts';
import { countTokens, type Token, tokenize } from './tokens.ts';
import {
  type Asked,
  type Dialect,
  type ErrorOptions,
  Objection,
  retryAfter,
  type WireReply,
} from './wire.ts';

/** Types that OpenAI gives its errors, by status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'invalid_request_error',
  403: 'invalid_request_error',
  404: 'invalid_request_error',
  429: 'requests',
};

/** Tokens that each message costs besides its own, and that prime the answer, as OpenAI's cookbook counts. */
const PER_MESSAGE = 4;

/** OpenAI's chat completions. A server without a key asks for none, as self-hosted ones do. */
export const openai: Dialect = {
  base: '/v1',
  async handle(request, stage) {
    if (request.method !== 'POST' || request.path !== '/chat/completions') {
      throw new Objection(`Invalid URL (${request.method} ${request.path})`, 404);
    }
    const { authorization } = request.headers;
    if (stage.key !== undefined || authorization !== undefined) {
      credential(/^Bearer (.+)$/.exec(authorization ?? '')?.[1], stage.key);
    }
    const { asked, topLogProbabilities } = await readChat(request.json);
    return answer(asked, topLogProbabilities, await stage.ask(asked));
  },
  error,
};

function error(status: number, message: string, options: ErrorOptions = {}): WireReply {
  const { code = null } = options;
  const type =
    code === 'insufficient_quota'
      ? code
      : (TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'));
  return { status, headers: retryAfter(options), body: { error: { message, type, param: null, code } } };
}

function answer(asked: Asked, top: number, reply: ScriptedReply): WireReply {
  switch (reply.kind) {
    case 'json':
      return completion(asked, tokenize(JSON.stringify(reply.json), reply.alternatives), 'stop', top);
    case 'text':
      return completion(asked, tokenize(reply.text), 'stop', top);
    case 'cut':
      return completion(asked, tokenize('{"answers":[{"id":"'), 'length', top);
    case 'refused': {
      const message = reply.message ?? "I'm sorry, I can't assist with that request.";
      if (reply.of === 'input') return error(400, message, { code: 'content_policy_violation' });
      return refusal(asked, message);
    }
    case 'status':
      return error(reply.status, reply.message ?? `Status ${reply.status}`, reply);
    default:
      return reply.kind;
  }
}

function completion(
  asked: Asked,
  tokens: readonly Token[],
  finish: 'stop' | 'length',
  top: number,
): WireReply {
  const content = Buffer.concat(tokens.map(({ bytes }) => bytes)).toString('utf8');
  const logprobs = asked.logProbabilities
    ? { content: tokens.map((token) => spelled(token, top)), refusal: null }
    : null;
  const message = { role: 'assistant', content, refusal: null, annotations: [] };
  const used = finish === 'length' ? (asked.maxOutputTokens ?? tokens.length) : tokens.length;
  return done(asked, { message, logprobs, finish_reason: finish }, used);
}

function refusal(asked: Asked, words: string): WireReply {
  const message = { role: 'assistant', content: null, refusal: words, annotations: [] };
  return done(asked, { message, logprobs: null, finish_reason: 'stop' }, countTokens(words));
}

function done(asked: Asked, choice: object, outputTokens: number): WireReply {
  const inputTokens = countInput(asked);
  const body = {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: asked.model,
    choices: [{ index: 0, ...choice }],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: 'default',
    system_fingerprint: 'fp_scripted',
  };
  return { status: 200, headers: { 'x-request-id': 'req_scripted' }, body };
}

/** A token as OpenAI spells it: bytes that are no whole character are escaped in its text. */
function spelled(token: Token, top: number): object {
  const isWhole = Buffer.from(token.text, 'utf8').equals(token.bytes);
  const escaped = [...token.bytes].map((byte) => `\\x${byte.toString(16)}`).join('');
  const text = isWhole ? token.text : `bytes:${escaped}`;
  const entry = (words: string, logprob: number, bytes: Buffer) => ({
    token: words,
    logprob,
    bytes: [...bytes],
  });
  return {
    ...entry(text, token.logProbability, token.bytes),
    top_logprobs: token.top.slice(0, top).map(({ text: words, logProbability }) => {
      return words === token.text
        ? entry(text, logProbability, token.bytes)
        : entry(words, logProbability, Buffer.from(words));
    }),
  };
}

function countInput({ model, system, texts, images, schema }: Asked): number {
  const schemaTokens = schema === undefined ? 0 : countTokens(JSON.stringify(schema));
  const words = [system, ...texts].reduce((sum, part) => sum + countTokens(part), 0);
  const pixels = images.reduce((sum, image) => sum + openaiImageTokens(model, image), 0);
  return words + pixels + schemaTokens + 2 * PER_MESSAGE + PER_MESSAGE;
}
