import type { JournalEntry } from './journal-entry.ts';

/** A generation as its journal tells it, owned by whoever claimed it last. */
export interface ClaimedCycle {
  /** Grows with every claim. Appends under an older epoch are refused, so that a half-dead owner can do no harm. */
  readonly epoch: number;
  /** Everything that was appended, in order. */
  readonly entries: readonly JournalEntry[];
}

/**
 * Keeps what happens to generations, so that a crash at any point loses nothing that was paid for. Every append is
 * durable when its promise resolves. Adapters: `local` (one file per generation); Redis is to follow behind the same
 * interface. Ids are those of `generations/{id}`.
 */
export interface CycleJournal extends AsyncDisposable {
  /** Whether there is no other journal beside it, so that a generation which it does not know is lost. */
  readonly isSole: boolean;
  /** Begins a journal with its first entry, and owns it under the epoch that it gives. */
  create(id: string, first: JournalEntry): Promise<number>;
  /** Appends. Throws `FencedError` where another owner has claimed the generation since. */
  append(id: string, epoch: number, entry: JournalEntry): Promise<void>;
  /** Takes a generation that did not end; undefined where there is none of that id. */
  claim(id: string): Promise<ClaimedCycle | undefined>;
  /** Ids of generations that did not end, oldest first. */
  unfinished(): Promise<string[]>;
  /** Puts an ended generation's journal into the archive, after its final record is in storage. */
  archive(id: string, epoch: number): Promise<void>;
  /** Removes a journal altogether: its creation was not acknowledged. */
  discard(id: string, epoch: number): Promise<void>;
  /** Entries of an archived generation; undefined where it is unknown or its time in the archive is over. */
  archived(id: string): Promise<readonly JournalEntry[] | undefined>;
}

/** Another owner has taken the generation: this one stops at once and touches nothing more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';

  constructor(id: string, epoch: number) {
    super(`generations/${id} has another owner since epoch ${epoch}`);
  }
}
