import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { readInvocation } from '../../../src/providers/bedrock/answer.ts';

const read = (json: JsonObject, asked = 1) => {
  const image = (value: unknown) =>
    typeof value === 'string' && value !== '' ? Buffer.from(value, 'base64') : undefined;
  return readInvocation({ status: 200, header: () => undefined, json, image }, asked);
};

test('seeds come as numbers or as text', () => {
  const images = ['YQ==', 'Yg==', 'Yw=='];
  const answer = read({ images, seeds: [2130420379, '42', null], finish_reasons: [null, null, null] }, 3);
  expect(answer.images).toMatchObject([{ seed: 2130420379n }, { seed: 42n }, { seed: undefined }]);
});

test('an image with a reason against it is never taken for a result', () => {
  const answer = read({ images: ['YQ==', 'Yg=='], finish_reasons: ['Filter reason: output image', null] }, 2);
  expect(answer.images).toMatchObject([{ kind: 'refusal' }, { kind: 'image' }]);
  const unknown = read({ images: ['YQ=='], finish_reasons: ['Something new'] });
  expect(unknown.images).toMatchObject([
    { kind: 'failure', failure: { failureClass: FailureClass.BAD_ANSWER } },
  ]);
  expect(read({ finish_reasons: ['Inference error'] }).images).toMatchObject([
    { kind: 'failure', failure: { failureClass: FailureClass.UNAVAILABLE } },
  ]);
});

test('what Amazon’s models made stays where an error stands in for the rest', () => {
  const error = 'Some of the generated images have been blocked by our content filters.';
  const answer = read({ images: ['YQ=='], error }, 3);
  expect(answer.images.map(({ kind }) => kind)).toEqual(['image', 'refusal', 'refusal']);
  expect(read({ images: ['YQ=='], error: null }, 1).images).toHaveLength(1);
});
