import { credential } from './checks.ts';
import { readContents } from './gemini-request.ts';
import { geminiImageTokens } from './image-tokens.ts';
import type { ScriptedReply } from './script.ts';
import { countTokens, type Token, tokenize } from './tokens.ts';
import { type Asked, type Dialect, type ErrorOptions, Objection, type WireReply } from './wire.ts';

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Gemini's generateContent. */
export const gemini: Dialect = {
  base: '/v1beta',
  async handle(request, stage) {
    const [, model] = /^\/models\/([a-z0-9.-]+):generateContent$/.exec(request.path) ?? [];
    if (request.method !== 'POST' || model === undefined)
      throw new Objection('Requested entity was not found.', 404);
    credential(request.headers['x-goog-api-key'], stage.key, 400);
    const { asked, topLogProbabilities } = await readContents(request.json, model);
    return answer(asked, topLogProbabilities, await stage.ask(asked));
  },
  error,
};

function error(status: number, message: string, { code, retryAfterSeconds }: ErrorOptions = {}): WireReply {
  const details = [
    ...(code === 'invalid_api_key'
      ? [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'API_KEY_INVALID',
            domain: 'googleapis.com',
          },
        ]
      : []),
    ...(retryAfterSeconds === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }]),
  ];
  const said = code === 'invalid_api_key' ? 'API key not valid. Please pass a valid API key.' : message;
  const body = { error: { code: status, message: said, status: STATUSES[status] ?? 'UNKNOWN', details } };
  return { status, body };
}

function answer(asked: Asked, top: number, reply: ScriptedReply): WireReply {
  switch (reply.kind) {
    case 'json':
      return candidate(asked, top, tokenize(JSON.stringify(reply.json), reply.alternatives), 'STOP');
    case 'text':
      return candidate(asked, top, tokenize(reply.text), 'STOP');
    case 'cut':
      return candidate(asked, top, tokenize('{"answers":[{"id":"'), 'MAX_TOKENS');
    case 'refused':
      return reply.of === 'input' ? blocked(asked) : done(asked, [{ index: 0, finishReason: 'SAFETY' }], 0);
    case 'status':
      return error(reply.status, reply.message ?? `Status ${reply.status}`, reply);
    default:
      return reply.kind;
  }
}

function candidate(asked: Asked, top: number, tokens: readonly Token[], finishReason: string): WireReply {
  const text = Buffer.concat(tokens.map(({ bytes }) => bytes)).toString('utf8');
  const logprobsResult = {
    chosenCandidates: tokens.map(({ text: token, logProbability }) => ({
      token,
      tokenId: 1,
      logProbability,
    })),
    topCandidates: tokens.map((token) => ({
      candidates: token.top
        .slice(0, top)
        .map(({ text: words, logProbability }) => ({ token: words, tokenId: 1, logProbability })),
    })),
  };
  const content = { role: 'model', parts: [{ text }] };
  const told = asked.logProbabilities ? { avgLogprobs: -0.01, logprobsResult } : {};
  const used = finishReason === 'MAX_TOKENS' ? (asked.maxOutputTokens ?? tokens.length) : tokens.length;
  return done(asked, [{ index: 0, content, finishReason, ...told }], used);
}

function blocked(asked: Asked): WireReply {
  const promptFeedback = { blockReason: 'PROHIBITED_CONTENT' };
  return { status: 200, body: { promptFeedback, usageMetadata: usage(asked, 0), modelVersion: asked.model } };
}

function done(asked: Asked, candidates: readonly object[], outputTokens: number): WireReply {
  const body = {
    candidates,
    usageMetadata: usage(asked, outputTokens),
    modelVersion: asked.model,
    responseId: 'scripted',
  };
  return { status: 200, body };
}

function usage({ model, system, texts, images, schema }: Asked, outputTokens: number): object {
  const words = [system, ...texts].reduce((sum, part) => sum + countTokens(part), 0);
  const structure = schema === undefined ? 0 : countTokens(JSON.stringify(schema));
  const pixels = images.reduce((sum, image) => sum + geminiImageTokens(model, image), 0);
  const promptTokenCount = words + structure + pixels;
  return {
    promptTokenCount,
    ...(outputTokens > 0 && { candidatesTokenCount: outputTokens }),
    totalTokenCount: promptTokenCount + outputTokens,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: words + structure },
      ...(pixels > 0 ? [{ modality: 'IMAGE', tokenCount: pixels }] : []),
    ],
  };
}
