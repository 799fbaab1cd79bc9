import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { bedrockError } from '../../../src/providers/bedrock/errors.ts';
import type { HttpAnswer } from '../../../src/providers/http/transport.ts';
import type { Submission } from '../../../src/providers/provider.ts';
import { KEYS } from './script.ts';

const submission = { body: { prompt: 'a red apple', negative_prompt: 'worms' } } as unknown as Submission;

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  async function* bytes() {
    yield Buffer.from(JSON.stringify(body));
  }
  return { status, header: (name) => headers[name], body: bytes() };
}

test.each([
  ['ValidationException', 400, FailureClass.INVALID_REQUEST],
  ['ServiceQuotaExceededException', 400, FailureClass.ACCOUNT],
  ['AccessDeniedException', 403, FailureClass.AUTH],
  ['ExpiredTokenException', 403, FailureClass.AUTH],
  ['UnrecognizedClientException', 403, FailureClass.AUTH],
  ['ResourceNotFoundException', 404, FailureClass.INVALID_REQUEST],
  ['ModelTimeoutException', 408, FailureClass.UNKNOWN_OUTCOME],
  ['ModelErrorException', 424, FailureClass.UNAVAILABLE],
  ['ThrottlingException', 429, FailureClass.RATE_LIMITED],
  ['ModelNotReadyException', 429, FailureClass.RATE_LIMITED],
  ['InternalServerException', 500, FailureClass.UNAVAILABLE],
  ['ServiceUnavailableException', 503, FailureClass.UNAVAILABLE],
])('%s is known in a header, and in a body', async (name, status, failureClass) => {
  const headers = { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.coral/` };
  const inHeader = await bedrockError(answer(status, { message: 'Said.' }, headers), submission);
  expect(inHeader).toMatchObject({ failureClass, message: expect.stringContaining(`${name}: Said.`) });
  const body = { __type: `com.amazon.coral.service#${name}`, Message: 'Said.' };
  expect(await bedrockError(answer(status, body), submission)).toMatchObject({ failureClass });
});

test('a card that does not work is a matter of the account', async () => {
  const message = 'Model access is denied due to INVALID_PAYMENT_INSTRUMENT';
  const failure = await bedrockError(answer(403, { __type: 'AccessDeniedException', message }), submission);
  expect(failure).toMatchObject({ failureClass: FailureClass.ACCOUNT });
});

test('what is said of a signature holds the headers that were signed: it is not passed on', async () => {
  const message = `The Canonical String should have been 'x-amz-security-token:${KEYS.sessionToken}'`;
  for (const name of ['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignatureException']) {
    const failure = await bedrockError(answer(403, { __type: name, message }), submission);
    expect(failure).toMatchObject({ failureClass: FailureClass.AUTH });
    expect(failure.message).toContain(name);
    expect(failure.message).not.toContain(KEYS.sessionToken);
  }
});

test('prompts that are quoted are taken out, and are not themselves taken for a filter’s words', async () => {
  const body = {
    __type: 'ValidationException',
    message: 'Malformed: "a red apple" and "worms" are not valid',
  };
  const failure = await bedrockError(answer(400, body), submission);
  expect(failure.message).toContain('Malformed');
  expect(failure.message).not.toMatch(/apple|worms/);
  const about = { body: { prompt: 'a content filter' } } as unknown as Submission;
  const quoting = { __type: 'ValidationException', message: 'Malformed: "a content filter" is not valid' };
  expect(await bedrockError(answer(400, quoting), about)).toMatchObject({
    failureClass: FailureClass.INVALID_REQUEST,
  });
});
