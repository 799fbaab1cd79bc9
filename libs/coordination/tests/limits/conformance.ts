import { expect, test } from '@jest/globals';
import type { Bounded, CallLimits } from '../../src/limits/call-limits.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function held() {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const work = async () => {
    begun.resolve();
    await ended.promise;
  };
  return { work, begun: begun.promise, end: ended.resolve };
}

/** What bounds of every kind do. `open` gives the bounds of one more process. */
export function testLimits(open: () => CallLimits): void {
  test('no more at once than there are places, and the next goes in when one comes out', async () => {
    const limits = open();
    const provider: Bounded = { name: 'two', concurrency: 2 };
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => limits.within(provider, never, work)));
    expect([inside, most]).toEqual([0, 2]);
  });

  test('work that fails gives its place up', async () => {
    const limits = open();
    const provider: Bounded = { name: 'failing', concurrency: 1 };
    const fails = limits.within(provider, never, async () => {
      throw new Error('no');
    });
    await expect(fails).rejects.toThrow('no');
    expect(await limits.within(provider, never, async () => 'yes')).toBe('yes');
  });

  test('who waits and is called off does not wait any longer, and what runs goes on', async () => {
    const limits = open();
    const provider: Bounded = { name: 'one', concurrency: 1 };
    const first = held();
    const running = limits.within(provider, never, first.work);
    await first.begun;
    const control = new AbortController();
    let isBegun = false;
    const waiting = limits.within(provider, control.signal, async () => {
      isBegun = true;
    });
    const reason = new Error('called off');
    control.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    first.end();
    await running;
    expect(isBegun).toBe(false);
    expect(await limits.within(provider, never, async () => 'next')).toBe('next');
  });

  test('a rate is kept, and a pause holds everybody up', async () => {
    const limits = open();
    const provider: Bounded = { name: 'slow', concurrency: 9, rate: { requests: 2, seconds: 600 } };
    await limits.pace(provider, never);
    await limits.pace(provider, never);
    const control = new AbortController();
    const third = limits.pace(provider, control.signal);
    const paused: Bounded = { name: 'paused', concurrency: 9 };
    await limits.pace(paused, never);
    limits.pause(paused, 600_000);
    // The pause may have to travel: the one who asks after it is held up.
    let held = false;
    while (!held) {
      const asked = limits.pace(paused, control.signal).then(() => false);
      held = await Promise.race([asked, new Promise<true>((resolve) => setTimeout(resolve, 100, true))]);
      asked.catch(() => {});
    }
    const reason = new Error('called off');
    control.abort(reason);
    await expect(third).rejects.toBe(reason);
  });
}
