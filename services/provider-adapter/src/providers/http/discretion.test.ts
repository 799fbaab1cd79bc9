import { Secret } from '@atelier/config';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { ProviderFailure } from '../provider.ts';
import { discreet, withoutTexts } from './discretion.ts';

const prompt = 'a portrait of Ms Example,\nwho lives at 7 Example Street in a small town by the sea';
const body = { model: 'some-model', input: { prompt, style: 'digital_illustration' } };

function said(message: string): string {
  const credentials = { authorization: { scheme: 'Bearer ', secret: new Secret('sk-1234567890') } };
  return discreet(new ProviderFailure(FailureClass.AUTH, message), body, credentials).message;
}

test.each([
  [
    'Invalid prompt: a portrait of Ms Example, who lives at 7 Example Street in a small town by the sea.',
    'Invalid prompt: […].',
  ],
  // Cut by the vendor.
  ['Rejected: "a portrait of Ms Example, who lives at 7 Example Str..."', 'Rejected: "[…]..."'],
  ['Incorrect API key: sk-1234567890, sk-1234567890', 'Incorrect API key: […], […]'],
  ['digital_illustration is not a style of some-model', 'digital_illustration is not a style of some-model'],
])('%s', (message, expected) => {
  expect(said(message)).toBe(expected);
});

test('what follows from a failure stays', () => {
  const failure = new ProviderFailure(FailureClass.RATE_LIMITED, `too often: ${prompt.replace('\n', ' ')}`, {
    retryAfterMs: 5,
    isNotSent: true,
  });
  expect(discreet(failure, body)).toMatchObject({
    failureClass: FailureClass.RATE_LIMITED,
    message: 'too often: […]',
    retryAfterMs: 5,
    isNotSent: true,
  });
});

test.each([
  [{ prompt: 'an apple', negative_prompt: 'apple' }],
  [{ inputs: 'an apple', parameters: { negative_prompt: 'apple' } }],
  [{ textToImageParams: { text: 'an apple', negativeText: 'x' }, prompts: ['apple'] }],
])('takes the prompts of %j out, the longest first', (body) => {
  expect(withoutTexts('bad: "an apple", not apple.', body)).toBe('bad: "[…]", not […].');
});

test('leaves other words alone, and an empty prompt takes nothing out', () => {
  expect(withoutTexts('png is no format', { prompt: '', output_format: 'png' })).toBe('png is no format');
});
