import { describe, expect, test } from '@jest/globals';
import { readRefusal } from './refusals.ts';

const read = (status: number, headers: Record<string, string> = {}, body: unknown = {}) =>
  readRefusal(status, new Headers(headers), JSON.stringify(body));

describe('an answer that is no success', () => {
  test.each([
    [{ 'retry-after': '7' }, {}, 7_000],
    [{ 'retry-after': '0.5' }, {}, 500],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, {}, 0],
    [{ 'retry-after': 'soon' }, {}, undefined],
    [{}, { error: { details: [{ retryDelay: '3.5s' }] } }, 3_500],
    [{}, {}, undefined],
  ])('%j %j asks to wait', (headers, body, ms) => {
    expect(read(429, headers as Record<string, string>, body)).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: ms,
    });
  });

  test.each([
    [{ error: { code: 'content_policy_violation' } }, 'refused'],
    [{ error: { code: 'content_filter', message: 'The response was filtered' } }, 'refused'],
    [{ error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }, 'auth'],
    [[{ error: { code: 400, status: 'INVALID_ARGUMENT' } }], 'invalid_request'],
    [{ error: 'model requires more system memory' }, 'invalid_request'],
    ['no document', 'invalid_request'],
  ])('%j with a 400', (body, kind) => {
    expect(read(400, {}, body)).toMatchObject({ kind, mayBeBilled: false });
  });

  test.each([
    [302, 'unavailable'],
    [408, 'timeout'],
    [409, 'unavailable'],
    [500, 'unavailable'],
    [504, 'timeout'],
    [529, 'unavailable'],
  ])('a status %i is %s', (status, kind) => {
    expect(read(status)).toMatchObject({ kind });
  });

  test('shows the vendor’s code, and nothing that may quote the request', () => {
    const message = read(
      400,
      {},
      { error: { code: 'invalid value: sk-1 "the prompt"', type: 'bad_image' } },
    ).message;
    expect(message).toBe('the vendor answered 400 (bad_image)');
  });
});
