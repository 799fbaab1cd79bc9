import { type CallOptions, unavailable } from '@atelier/rpc';
import pLimit from 'p-limit';
import type { LoadedImage } from '../providers/provider.ts';
import type { JournalEntry } from './journal/submission-journal.ts';
import { firstOf, type Member } from './member.ts';
import { RequestRun, type RunOptions } from './request-run.ts';
import { Seat } from './seat.ts';
import { submissionId } from './submission-id.ts';
import { Submitter, type SubmitterOptions } from './submitter.ts';
import { decodeWork } from './work.ts';

/** What the desk works with. */
export type DeskOptions = Omit<RunOptions & SubmitterOptions, 'stopping' | 'submitter' | 'keeping'>;

/** A candidate in the making, and whether this call is the one that has to make it. */
export interface Taken {
  readonly seat: Seat;
  readonly isOwner: boolean;
}

/** Results that are checked and stored at once. */
const KEPT_AT_ONCE = 4;

/**
 * Where candidates are submitted once. Whoever takes a key first makes it; whoever comes later with the same key attaches,
 * or gets what the journal has. The work belongs to the desk and not to a call: only `cancel` ends it early.
 */
export class SubmissionDesk {
  readonly #runOptions: RunOptions;
  readonly #seats = new Map<string, Seat>();
  readonly #work = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: DeskOptions) {
    const stopping = this.#stopping.signal;
    // Checking a picture decodes it, so only so many are checked at once; the others wait on disk.
    const keeping = pLimit(KEPT_AT_ONCE);
    this.#runOptions = { ...options, stopping, keeping, submitter: new Submitter({ ...options, stopping }) };
    options.journal.onCancelRequest((id) => {
      this.#seats.get(id)?.cancel();
    });
  }

  /** Takes a key. Does not wait, so that of two calls exactly one becomes the owner. */
  take(team: string, key: string, call: CallOptions): Taken {
    if (this.#stopping.signal.aborted) throw stopped();
    const id = submissionId(team, key);
    const present = this.#seats.get(id);
    if (present !== undefined) {
      present.attach(call);
      return { seat: present, isOwner: false };
    }
    const seat = new Seat(id, key, call);
    this.#seats.set(id, seat);
    const leave = () => this.#seats.delete(id);
    seat.ended.then(leave, leave);
    return { seat, isOwner: true };
  }

  /** What the journal has on a key that was taken. */
  read(seat: Seat): Promise<JournalEntry | undefined> {
    return this.#runOptions.journal.read(seat.id);
  }

  /**
   * Brings the candidates of one native request to their end: whatever of it an earlier call, process or other replica has
   * done is not done again.
   */
  submit(members: readonly Member[], images?: readonly LoadedImage[]): void {
    const { work } = firstOf(members);
    for (const { seat } of members) seat.start(work.started);
    const run = new RequestRun(members, images, this.#runOptions);
    const running = run.run().catch((error: unknown) => {
      for (const { seat } of members) seat.fail(error);
    });
    this.#work.add(running);
    running.finally(() => this.#work.delete(running));
  }

  /** The same for candidates that the journal knows. Those of one native request go together. */
  resume(begun: readonly { readonly seat: Seat; readonly entry: JournalEntry }[]): void {
    const members = begun.map(({ seat, entry }) => ({ seat, work: decodeWork(entry.intent) }));
    const groups = Map.groupBy(members, ({ work }) => work.keys[0] ?? work.key);
    for (const group of groups.values()) this.submit(group);
  }

  /**
   * Cancels what runs under these keys of a team, in whichever replica. Gives the keys that were running: they end as
   * cancelled, unless they end by themselves before.
   */
  async cancel(team: string, keys: readonly string[]): Promise<string[]> {
    const ids = keys.map((key) => ({ key, id: submissionId(team, key) }));
    // All are asked before the first is stopped: a native request stops only when all of its candidates are asked to.
    for (const { id } of ids) this.#seats.get(id)?.requestCancel();
    const cancelled = await Promise.all(
      ids.map(async ({ key, id }) => {
        const isHere = this.#seats.get(id)?.cancel() ?? false;
        return isHere || (await this.#runOptions.journal.requestCancel(id)) ? [key] : [];
      }),
    );
    return cancelled.flat();
  }

  /** Waits until nothing runs, for so many milliseconds at most; then lets go of the rest, which the journal remembers. */
  async drain(graceMs: number): Promise<void> {
    const { promise: timedOut, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([Promise.allSettled(this.#work), timedOut]);
    clearTimeout(timer);
    this.#stopping.abort(stopped());
    this.#runOptions.journal.letGo();
    await Promise.allSettled(this.#work);
  }
}

function stopped(): Error {
  return unavailable('The server is shutting down.', { reason: 'DRAINING', retryAfterMs: 500 });
}
