import { Priority } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { WorkQueue } from './work-queue.ts';

const signal = new AbortController().signal;
const { INTERACTIVE, BATCH } = Priority;

test('interactive work goes before that of batches, each in the order of its coming', async () => {
  const queue = new WorkQueue({ concurrency: 1, maxWaiting: 10 });
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const work = (name: string) => async () => void order.push(name);
  const all = [
    queue.run(() => gate.promise, BATCH, signal),
    queue.run(work('b1'), BATCH, signal),
    queue.run(work('b2'), BATCH, signal),
    queue.run(work('i1'), INTERACTIVE, signal),
    queue.run(work('i2'), INTERACTIVE, signal),
  ];
  gate.resolve();
  await Promise.all(all);
  expect(order).toEqual(['i1', 'i2', 'b1', 'b2']);
});

test('what exceeds the bound is refused at once, with a pushback', async () => {
  const queue = new WorkQueue({ concurrency: 1, maxWaiting: 1 });
  const gate = Promise.withResolvers<void>();
  const running = queue.run(() => gate.promise, INTERACTIVE, signal);
  const waiting = queue.run(async () => undefined, INTERACTIVE, signal);
  expect(() => queue.run(async () => undefined, INTERACTIVE, signal)).toThrow(
    expect.objectContaining({ codeName: 'UNAVAILABLE', reason: 'OVERLOADED', retryAfterMs: 100 }),
  );
  gate.resolve();
  await Promise.all([running, waiting]);
  await expect(queue.run(async () => 'again', INTERACTIVE, signal)).resolves.toBe('again');
});

test('where nothing more may wait, interactive work takes the place of the last of a batch', async () => {
  const queue = new WorkQueue({ concurrency: 1, maxWaiting: 2 });
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const work = (name: string) => async () => void order.push(name);
  const running = queue.run(() => gate.promise, BATCH, signal);
  const first = queue.run(work('b1'), BATCH, signal);
  const last = queue.run(work('b2'), BATCH, signal);
  const full = expect.objectContaining({ codeName: 'UNAVAILABLE', reason: 'OVERLOADED', retryAfterMs: 100 });
  const refused = expect(last).rejects.toEqual(full);
  const interactive = queue.run(work('i1'), INTERACTIVE, signal);
  await refused;
  await expect(async () => queue.run(work('b3'), BATCH, signal)).rejects.toEqual(full);
  const second = queue.run(work('i2'), INTERACTIVE, signal);
  await expect(first).rejects.toEqual(full);
  // What runs is left alone, and so is what is interactive.
  await expect(async () => queue.run(work('i3'), INTERACTIVE, signal)).rejects.toEqual(full);
  gate.resolve();
  await Promise.all([running, interactive, second]);
  expect(order).toEqual(['i1', 'i2']);
  await expect(queue.run(async () => 'again', BATCH, signal)).resolves.toBe('again');
});

test('work whose caller has gone is dropped before it starts', async () => {
  const queue = new WorkQueue({ concurrency: 1, maxWaiting: 5 });
  const gate = Promise.withResolvers<void>();
  const running = queue.run(() => gate.promise, INTERACTIVE, signal);
  const caller = new AbortController();
  const started: string[] = [];
  const dropped = queue.run(async () => void started.push('dropped'), INTERACTIVE, caller.signal);
  caller.abort(new Error('gone'));
  await expect(dropped).rejects.toThrow('gone');
  gate.resolve();
  await running;
  expect(started).toEqual([]);
  expect(queue.waiting).toBe(0);
});
