import type { JsonObject } from '@bufbuild/protobuf';
import type { JobClaim } from '../../providers/provider.ts';
import type { SpooledFile } from '../../spool/spool.ts';

/** What is kept of one submission. Contents are JSON that carries its own schema version. */
export interface JournalEntry {
  /** What was about to be sent. Written before anything leaves. */
  readonly intent: JsonObject;
  /** The provider's id of the job, once it gave one. */
  readonly jobId: string | undefined;
  /** What the provider answered; its bytes are spooled beside it until the result is there. */
  readonly answer: JsonObject | undefined;
  /** How it ended. Nothing changes after this. */
  readonly result: JsonObject | undefined;
  /** Whether somebody asked that it be cancelled. */
  readonly isCancelRequested: boolean;
}

/** A submission that is about to be begun. */
export interface Intent {
  readonly id: string;
  readonly intent: JsonObject;
}

/**
 * The right to work on the submissions of one native request, which one replica has at a time. Whoever lets go of it, or dies,
 * leaves it to another.
 */
export interface Lease {
  /** Throws ABORTED where another replica may have taken over: then nothing may be sent any more. */
  assertHeld(): void;
  /** Gives the right up. Never rejects. */
  release(): Promise<void>;
}

/**
 * Keeps submissions by id, so that none is made twice. Every method has made its change durable when it resolves. A change
 * wants the lease of its group, and is refused with ABORTED where that has passed to another replica.
 */
export interface SubmissionJournal extends AsyncDisposable {
  /** What is kept under an id; undefined where nothing is. */
  read(id: string): Promise<JournalEntry | undefined>;
  /** Takes the lease of a group, which bears the id of its first submission. Undefined while another replica has it. */
  lease(group: string): Promise<Lease | undefined>;
  /** Settles when a group's lease may be free, or its submissions may have ended; at the latest after a while. */
  changed(group: string, signal: AbortSignal): Promise<void>;
  /** Writes the intents of a native request, all or none. False where one of them was begun by somebody else. */
  begin(lease: Lease, intents: readonly Intent[]): Promise<boolean>;
  accepted(lease: Lease, id: string, jobId: string): Promise<void>;
  /** Writes the answer, and takes over the file of its image: it is moved to where `spooled` finds it. */
  answered(lease: Lease, id: string, answer: JsonObject, image: SpooledFile): Promise<void>;
  /** The image that came with the answer; undefined where this replica does not have it. */
  spooled(id: string): Promise<SpooledFile | undefined>;
  /** Writes the result and drops the spooled bytes. */
  finish(lease: Lease, id: string, result: JsonObject): Promise<void>;
  /** Notes that a submission is not wanted any more, and tells whoever works on it. False where there is none that runs. */
  requestCancel(id: string): Promise<boolean>;
  /** What a group has of a provider's job, which is named with its provider; undefined where nobody has it. */
  claimOf(group: string, job: string): Promise<JobClaim | undefined>;
  /**
   * Claims a job for a group, whatever becomes of leases: `taken` where another group has it, unless that is not certain and
   * this is.
   */
  claimJob(group: string, job: string, isCertain: boolean): Promise<JobClaim>;
  /** Has a listener told of every submission of other replicas' callers that is not wanted any more. */
  onCancelRequest(listener: (id: string) => void): void;
  /** Does not wait for its store any longer, since this process stops: what cannot be written is refused from now on. */
  letGo(): void;
  /**
   * Forgets entries that were finished before a time, and claims that were made before it, where they do not vanish by
   * themselves. Gives how many entries.
   */
  forget(finishedBefore: Date): Promise<number>;
}
