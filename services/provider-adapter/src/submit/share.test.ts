import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type CandidateResult,
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { modelOf } from '../../tests/catalog-models.ts';
import type { Produced, ProviderAnswer } from '../providers/provider.ts';
import { ProviderFailure } from '../providers/provider.ts';
import { failedResult, refusedResult } from './outcomes.ts';
import { shareOf } from './share.ts';
import type { Work } from './work.ts';

const image: Produced = { kind: 'image', bytes: Buffer.from('pixels') };
const refusal = { stage: RefusalStage.OUTPUT, categories: ['nsfw'], message: 'refused' };
const refused: Produced = { kind: 'refusal', refusal };
const answer = (...images: Produced[]): ProviderAnswer => ({ images, units: { second: 6 }, microUsd: 900 });

test('the first image that came bears what the request cost, the others nothing', () => {
  const partial = answer(refused, image, image);
  const nothing = { isFirst: false, units: { second: 0 }, microUsd: 0 };
  expect([0, 1, 2].map((index) => shareOf(partial, index))).toEqual([
    nothing,
    { isFirst: true, units: { second: 6 }, microUsd: 900 },
    nothing,
  ]);
  expect(shareOf(answer(refused, refused), 0)).toMatchObject({ isFirst: true, microUsd: 900 });
  expect(shareOf({ images: [image, image] }, 1)).toEqual({ isFirst: false });
});

const rules = [
  { unit: 'second', micro_usd: 100 },
  { unit: 'image', micro_usd: 5_000 },
];
const work = {
  model: modelOf({ pricing: { version: 'v1', rules }, typical_latency_ms: 1_000 }),
  task: Task.GENERATE,
  key: 'k',
  keys: ['k'],
  index: 0,
  seed: undefined,
  submitTime: new Date(0),
  expected: {},
  conditions: {},
} as unknown as Work;
const now = new Date(1);
const failure = (failureClass: FailureClass) => new ProviderFailure(failureClass, 'failed');
const costs = ({ usage }: CandidateResult) => usage.map(({ cost }) => cost?.microUsd);

test('what a provider charges for what it refused or failed at is used', () => {
  const share = { isFirst: true, units: { second: 6 } };
  expect(costs(refusedResult(work, now, refusal, '', share))).toEqual([600n]);
  expect(costs(refusedResult(work, now, refusal, '', { isFirst: true, microUsd: 900 }))).toEqual([900n]);
  expect(refusedResult(work, now, refusal, '', { isFirst: true, microUsd: 900 }).usage).toMatchObject([
    { units: 0, cost: { basis: CostBasis.ACTUAL } },
  ]);
  expect(costs(failedResult(work, now, failure(FailureClass.UNAVAILABLE), '', share))).toEqual([600n]);
});

test('where it says nothing, a refusal costs nothing, and what may have been made costs its upper bound', () => {
  expect(costs(refusedResult(work, now, refusal))).toEqual([]);
  expect(costs(refusedResult(work, now, refusal, '', { isFirst: false, microUsd: 0 }))).toEqual([]);
  expect(costs(failedResult(work, now, failure(FailureClass.UNAVAILABLE)))).toEqual([]);
  // Twenty seconds are waited for, and an image may have been made.
  expect(costs(failedResult(work, now, failure(FailureClass.UNKNOWN_OUTCOME)))).toEqual([2_000n, 5_000n]);
});
