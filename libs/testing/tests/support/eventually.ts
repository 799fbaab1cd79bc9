import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/** Looks again and again until what is seen is true, and gives it; throws where it is not within the time. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(PAUSE_MS);
  }
}
