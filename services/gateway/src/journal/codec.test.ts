import { CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { GenerationRequestSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type JsonValue } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { decode, encode } from './codec.ts';

function round(value: unknown): unknown {
  return decode(JSON.parse(JSON.stringify(encode(value))) as JsonValue);
}

test('messages, bigints and plain values come back as they were', () => {
  const value = {
    cost: create(CostSchema, { microUsd: 12_345_678_901_234_567n, incomplete: true }),
    list: [1n, 'text', null, false, 0.5],
    nested: { of: { big: -3n } },
  };
  expect(round(value)).toEqual(value);
});

test("callers' own JSON is not taken for marks of the codec", () => {
  const request = create(GenerationRequestSchema, {
    project: 'projects/p',
    brief: { input: { case: 'variables', value: { $type: 'atelier.common.v1.Cost', $bigint: 'x' } } },
    labels: { $type: 'x', $bigint: 'y' },
  });
  expect(round({ request })).toEqual({ request });
});

test('fields that are undefined are left out', () => {
  expect(encode({ a: undefined, b: 1 })).toEqual({ b: 1 });
});

test('fields that a later version wrote into a message are passed over', () => {
  const json = { $type: 'atelier.common.v1.Cost', value: { microUsd: '5', madeUpLater: true } };
  expect(decode(json)).toEqual(create(CostSchema, { microUsd: 5n }));
});
