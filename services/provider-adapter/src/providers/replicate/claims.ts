import type { Job } from '../http/protocol.ts';

/** A prediction's data is gone at Replicate after an hour, so that it cannot be found by its input any more. */
const REMEMBERED_MS = 2 * 3_600_000;

/** A submit whose answer is awaited. */
export interface Flight {
  /** It was answered, or lost. */
  readonly land: () => void;
}

/**
 * What this process knows of who owns which prediction. Replicate has no idempotency key, so that a submit whose answer
 * was lost can be found again only by its input, and a request for the very same may be under way beside it.
 */
class Claims {
  readonly #claimed = new Map<string, number>();
  readonly #flights = new Map<string, number>();

  /** A submit leaves. */
  takeOff(job: Job): Flight {
    const key = sameness(job);
    this.#flights.set(key, (this.#flights.get(key) ?? 0) + 1);
    return {
      land: () => {
        const left = (this.#flights.get(key) ?? 1) - 1;
        if (left > 0) this.#flights.set(key, left);
        else this.#flights.delete(key);
      },
    };
  }

  /** Whether the answer to a submit of the very same is awaited: what is found may be its prediction. */
  isInFlight(job: Job): boolean {
    return this.#flights.has(sameness(job));
  }

  /** Takes a prediction for a submission. False where another has it. */
  claim(id: string, now = Date.now()): boolean {
    for (const [old, time] of this.#claimed) {
      if (time > now - REMEMBERED_MS) break;
      this.#claimed.delete(old);
    }
    if (this.#claimed.has(id)) return false;
    this.#claimed.set(id, now);
    return true;
  }

  isClaimed(id: string): boolean {
    return this.#claimed.has(id);
  }
}

export const claims = new Claims();

function sameness({ settings, submission }: Job): string {
  const { nativeModel, operation, body } = submission;
  return JSON.stringify([settings.baseUrl, nativeModel, operation, body]);
}
