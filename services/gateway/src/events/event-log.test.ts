import {
  type GenerationEvent,
  GenerationEventSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { EventLog } from './event-log.ts';

function event(number: number): GenerationEvent {
  return create(GenerationEventSchema, { number: BigInt(number), generation: 'generations/g' });
}

const never = new AbortController().signal;

async function numbers(events: AsyncIterable<GenerationEvent>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { number } of events) seen.push(Number(number));
  return seen;
}

test('a reader gets what is there, what comes, and the end', async () => {
  const log = new EventLog('generations/g');
  log.append([event(1), event(2)]);
  const reading = numbers(log.read(0n, never));
  log.append([event(3)]);
  log.close();
  expect(await reading).toEqual([1, 2, 3]);
});

test('a reader goes on after the number that it has seen', async () => {
  const log = new EventLog('generations/g');
  log.append([event(1), event(2), event(3)]);
  log.close();
  expect(await numbers(log.read(2n, never))).toEqual([3]);
  expect(await numbers(log.read(9n, never))).toEqual([]);
});

test('a reader that is ahead gets nothing that it has seen', async () => {
  const log = new EventLog('generations/g');
  const reading = numbers(log.read(2n, never));
  log.append([event(1), event(2), event(3)]);
  log.close();
  expect(await reading).toEqual([3]);
});

test('of progress a slow reader gets the newest alone, and no transition is lost', async () => {
  const log = new EventLog('generations/g');
  const reader = log.read(0n, never);
  log.append([event(1)]);
  expect((await reader.next()).value?.number).toBe(1n);
  const waiting = reader.next();
  log.progress({ round: 0, index: 0, phase: 'queued' }, 1);
  expect((await waiting).value?.event).toMatchObject({ case: 'progress', value: { phase: 'queued' } });
  for (let step = 0; step < 1000; step += 1) {
    log.progress({ round: 0, index: 0, phase: 'running', fraction: step / 1000 }, 2);
  }
  expect((await reader.next()).value?.event).toMatchObject({ case: 'progress', value: { fraction: 0.999 } });
  log.progress({ round: 0, index: 0, phase: 'storing' }, 3);
  log.append([event(2)]);
  log.close();
  expect((await reader.next()).value?.number).toBe(2n);
  expect((await reader.next()).done).toBe(true);
});

test('a reader that leaves ends without an error', async () => {
  const log = new EventLog('generations/g');
  const leaving = new AbortController();
  const reading = numbers(log.read(0n, leaving.signal));
  leaving.abort();
  expect(await reading).toEqual([]);
});
