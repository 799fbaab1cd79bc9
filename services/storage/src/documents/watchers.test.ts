import { expect, test } from '@jest/globals';
import type { StoredDocument } from './stored-document.ts';
import { Watchers } from './watchers.ts';

const change = (id: string): StoredDocument => ({
  collection: 'things',
  id,
  revision: 1,
  updateTime: new Date(0),
  deleted: false,
  team: '',
  schema: '',
  content: {},
});

test('a watcher that does not read is cut off, and the others are not', async () => {
  const watchers = new Watchers();
  const { signal } = new AbortController();
  using slow = watchers.add(['things']);
  using quick = watchers.add(['things']);
  let seen = 0;
  for (let index = 0; index < 1_100; index += 1) {
    watchers.publish(change(`d${index}`));
    seen += (await quick.next(signal)).length;
  }
  expect(seen).toBe(1_100);
  await expect(slow.next(signal)).rejects.toMatchObject({ name: 'WatcherTooSlow' });
});

test('waiting for a change ends when the signal is aborted', async () => {
  const watchers = new Watchers();
  const stop = new AbortController();
  using watcher = watchers.add(['things']);
  const next = watcher.next(stop.signal);
  stop.abort();
  expect(await next).toEqual([]);
});
