import { Secret } from '@atelier/config';
import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';
import { discreet, discreetAnswer, discreetError, withoutTexts } from './discretion.ts';

const prompt = 'a portrait of Ms Example,\nwho lives at 7 Example Street in a small town by the sea';
const body = { model: 'some-model', input: { prompt, style: 'digital_illustration' } };

const unsaid = { body, secrets: [new Secret('sk-1234567890'), new Secret('')] };

function said(message: string): string {
  return discreet(new ProviderFailure(FailureClass.AUTH, message), unsaid).message;
}

test.each([
  [
    'Invalid prompt: a portrait of Ms Example, who lives at 7 Example Street in a small town by the sea.',
    'Invalid prompt: […].',
  ],
  [
    'Rejected: A PORTRAIT OF MS EXAMPLE, WHO LIVES AT 7 EXAMPLE STREET IN A SMALL TOWN BY THE SEA!',
    'Rejected: […]!',
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
  expect(discreet(failure, unsaid)).toMatchObject({
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

const quoted = `refused: ${prompt.replace('\n', ' ')}`;
const refusal = {
  stage: RefusalStage.INPUT,
  // What a vendor gives as its reasons.
  categories: [
    'violence',
    prompt.replace('\n', ' ').toLowerCase(),
    'ms example',
    `x${'y'.repeat(100)}`,
    'sk-1234567890',
  ],
  message: quoted,
};

test('a refusal names rules, and quotes nothing, be it of the whole request or of one image', () => {
  const body = { prompt: 'Ms Example' };
  const hidden = { stage: RefusalStage.INPUT, categories: ['violence'] };
  const all = { ...unsaid, body: { ...unsaid.body, negative_prompt: body.prompt } };
  const thrown = discreetError(new ProviderRefusal(refusal), all) as ProviderRefusal;
  expect(thrown.refusal).toMatchObject(hidden);
  expect(thrown.message).toBe('refused: […]');
  const failure = new ProviderFailure(FailureClass.BAD_ANSWER, quoted);
  const images = [{ kind: 'refusal', refusal } as const, { kind: 'failure', failure } as const];
  expect(discreetAnswer({ images, jobId: 'job' }, all)).toMatchObject({
    images: [{ refusal: hidden }, { failure: { message: 'refused: […]' } }],
    jobId: 'job',
  });
});

test('an error that is no vendor’s stays as it is', () => {
  const error = new Error(prompt);
  expect(discreetError(error, unsaid)).toBe(error);
});
