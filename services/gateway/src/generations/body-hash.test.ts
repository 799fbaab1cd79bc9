import { GenerationRequestSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { bodyHash } from './body-hash.ts';

function request(variables: JsonObject, requestId = '') {
  return create(GenerationRequestSchema, {
    project: 'projects/p',
    requestId,
    brief: { input: { case: 'variables', value: variables } },
  });
}

test('the order of keys and the request_id do not count', () => {
  const hash = bodyHash(request({ a: 1, b: { c: 2, d: [1, 2] } }, 'one'));
  expect(bodyHash(request({ b: { d: [1, 2], c: 2 }, a: 1 }, 'two'))).toBe(hash);
});

test('whatever is asked for counts', () => {
  const hash = bodyHash(request({ a: 1 }));
  expect(bodyHash(request({ a: 2 }))).not.toBe(hash);
  const withModel = fromJson(GenerationRequestSchema, {
    project: 'projects/p',
    brief: { variables: { a: 1 } },
    model: 'models/m',
  });
  expect(bodyHash(withModel)).not.toBe(hash);
});
