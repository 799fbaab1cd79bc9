import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { bflError } from '../../src/providers/bfl/errors.ts';
import { falError } from '../../src/providers/fal/errors.ts';
import { geminiError } from '../../src/providers/gemini/errors.ts';
import type { HttpAnswer } from '../../src/providers/http/transport.ts';
import { errorOf } from '../../src/providers/openai/errors.ts';
import { type ProviderFailure, ProviderRefusal } from '../../src/providers/provider.ts';
import { stabilityError } from '../../src/providers/stability/errors.ts';
import { httpAnswer } from './http-answer.ts';

type Read = (answer: HttpAnswer) => Promise<ProviderFailure | ProviderRefusal>;

const READERS: Readonly<Record<string, Read>> = {
  openai: errorOf,
  gemini: geminiError,
  bfl: bflError,
  stability: stabilityError,
  fal: falError,
};

/** One answer in each form that a vendor gives errors, and what it is taken for. */
const FORMS: readonly (readonly [vendor: string, status: number, body: unknown, expected: FailureClass])[] = [
  ['openai', 400, { error: { message: 'x', code: 'unknown_parameter' } }, FailureClass.INVALID_REQUEST],
  ['openai', 400, { error: { message: 'x', code: 'billing_hard_limit_reached' } }, FailureClass.ACCOUNT],
  ['openai', 401, { error: { message: 'x', code: 'invalid_api_key' } }, FailureClass.AUTH],
  ['openai', 403, { error: { message: 'Your organization must be verified.' } }, FailureClass.AUTH],
  ['openai', 413, 'Request Entity Too Large', FailureClass.INVALID_REQUEST],
  ['openai', 422, { detail: [{ loc: ['body'], msg: 'x', type: 'y' }] }, FailureClass.INVALID_REQUEST],
  ['openai', 429, { error: { message: 'x', code: 'rate_limit_exceeded' } }, FailureClass.RATE_LIMITED],
  ['openai', 429, { error: { message: 'x', code: 'insufficient_quota' } }, FailureClass.ACCOUNT],
  ['openai', 500, { error: { message: 'x' } }, FailureClass.UNAVAILABLE],
  ['openai', 502, '<html>Bad gateway</html>', FailureClass.UNKNOWN_OUTCOME],
  ['openai', 503, { error: { message: 'x' } }, FailureClass.UNAVAILABLE],
  ['openai', 504, '', FailureClass.UNKNOWN_OUTCOME],
  [
    'gemini',
    400,
    {
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'API key not valid.',
        details: [{ reason: 'API_KEY_INVALID' }],
      },
    },
    FailureClass.AUTH,
  ],
  ['gemini', 400, { error: { status: 'INVALID_ARGUMENT', message: 'x' } }, FailureClass.INVALID_REQUEST],
  ['gemini', 400, { error: { status: 'FAILED_PRECONDITION', message: 'x' } }, FailureClass.ACCOUNT],
  ['gemini', 403, { error: { status: 'PERMISSION_DENIED', message: 'x' } }, FailureClass.AUTH],
  ['gemini', 404, { error: { status: 'NOT_FOUND', message: 'x' } }, FailureClass.INVALID_REQUEST],
  ['gemini', 429, { error: { status: 'RESOURCE_EXHAUSTED', message: 'x' } }, FailureClass.RATE_LIMITED],
  ['gemini', 503, { error: { status: 'UNAVAILABLE', message: 'x' } }, FailureClass.UNAVAILABLE],
  ['bfl', 402, { detail: 'Insufficient credits' }, FailureClass.ACCOUNT],
  ['bfl', 403, { detail: 'Not authenticated' }, FailureClass.AUTH],
  ['bfl', 422, { detail: [{ loc: ['body', 'width'], msg: 'x', type: 'y' }] }, FailureClass.INVALID_REQUEST],
  ['bfl', 429, { detail: 'Too many tasks' }, FailureClass.RATE_LIMITED],
  ['stability', 402, { id: 'a', name: 'payment_required', errors: ['x'] }, FailureClass.ACCOUNT],
  ['stability', 413, { id: 'a', name: 'payload_too_large', errors: ['x'] }, FailureClass.INVALID_REQUEST],
  ['stability', 422, { id: 'a', name: 'invalid_language', errors: ['x'] }, FailureClass.INVALID_REQUEST],
  ['stability', 429, { id: 'a', name: 'rate_limit_exceeded', errors: ['x'] }, FailureClass.RATE_LIMITED],
  ['stability', 500, { id: 'a', name: 'internal_error', errors: ['x'] }, FailureClass.UNAVAILABLE],
  ['fal', 401, { detail: 'Authentication is required' }, FailureClass.AUTH],
  ['fal', 403, { detail: 'User is locked. Reason: Exhausted balance.' }, FailureClass.ACCOUNT],
  ['fal', 422, { detail: [{ loc: ['body', 'seed'], msg: 'x', type: 'y' }] }, FailureClass.INVALID_REQUEST],
  ['fal', 429, { detail: 'x' }, FailureClass.RATE_LIMITED],
  ['fal', 500, { message: 'x' }, FailureClass.UNAVAILABLE],
  ['fal', 504, { detail: 'x' }, FailureClass.UNKNOWN_OUTCOME],
];

test.each(FORMS)('%s: %i %j', async (vendor, status, body, expected) => {
  const error = await READERS[vendor]?.(httpAnswer(status, body));
  expect(error).toMatchObject({ failureClass: expected });
});

test('fal: the time that a request was given runs out, and no proxy’s', async () => {
  const answer = httpAnswer(504, { detail: 'x' }, { 'x-fal-request-timeout-type': 'user' });
  expect(await falError(answer)).toMatchObject({ failureClass: FailureClass.TIMEOUT });
});

describe('how long to wait', () => {
  const tooMany = (headers: Readonly<Record<string, string>>) =>
    errorOf(httpAnswer(429, { error: { message: 'x', code: 'rate_limit_exceeded' } }, headers));
  const remaining = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-remaining-tokens': '5000' };
  test.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '2' }, 2_000],
    [{ ...remaining, 'x-ratelimit-reset-requests': '20ms', 'x-ratelimit-reset-tokens': '6m0s' }, 20],
    [{ ...remaining, 'x-ratelimit-reset-requests': '1m2.5s' }, 62_500],
    [{ ...remaining, 'x-ratelimit-reset-requests': 'soon' }, undefined],
    // Nothing is used up, so that no limit says when it begins anew.
    [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '1s' }, undefined],
    [{}, undefined],
  ])('%j', async (headers, retryAfterMs) => {
    expect(await tooMany(headers as Readonly<Record<string, string>>)).toMatchObject({
      failureClass: FailureClass.RATE_LIMITED,
      retryAfterMs,
    });
  });

  test('of no use: x-should-retry false', async () => {
    expect(await tooMany({ 'x-should-retry': 'false', 'retry-after': '1' })).toMatchObject({
      failureClass: FailureClass.ACCOUNT,
    });
  });

  test('a server error is never sent again, though the vendor’s own SDK would: x-should-retry true', async () => {
    const answer = httpAnswer(500, { error: { message: 'x' } }, { 'x-should-retry': 'true' });
    expect(await errorOf(answer)).toMatchObject({ failureClass: FailureClass.UNAVAILABLE, isNotSent: false });
  });

  test('Gemini says it in the details', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.5s' }];
    const answer = httpAnswer(429, { error: { status: 'RESOURCE_EXHAUSTED', message: 'x', details } });
    expect(await geminiError(answer)).toMatchObject({ retryAfterMs: 2_500 });
  });
});

describe('refusals in errors', () => {
  test.each([
    [
      'Azure’s filter, spelled the other way',
      { code: 'content_filter', innererror: { content_filter_results: { hate: { filtered: true } } } },
      ['hate'],
    ],
    ['DALL-E’s', { code: 'content_policy_violation', message: 'x' }, []],
  ])('%s', async (_name, error, categories) => {
    const refusal = await errorOf(httpAnswer(400, { error }));
    expect(refusal).toBeInstanceOf(ProviderRefusal);
    expect((refusal as ProviderRefusal).refusal).toMatchObject({
      stage: RefusalStage.UNSPECIFIED,
      categories,
    });
  });

  test('xAI’s, which has a text and no code', async () => {
    const body = {
      code: 'Client specified an invalid argument',
      error: 'Generated image rejected by content moderation.',
    };
    expect(await errorOf(httpAnswer(400, body))).toBeInstanceOf(ProviderRefusal);
    const other = await errorOf(httpAnswer(400, { code: 'x', error: 'Model not found.' }));
    expect(other).toMatchObject({ failureClass: FailureClass.INVALID_REQUEST });
    expect(other.message).toContain('Model not found.');
  });
});
