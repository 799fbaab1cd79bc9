import type { JsonObject } from '@bufbuild/protobuf';
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
}

/**
 * Keeps submissions by id, so that none is made twice. Every method has made its change durable when it resolves.
 * Whoever began an entry owns it until it is finished; an entry without a result whose owner is gone was interrupted.
 */
export interface SubmissionJournal {
  /** What is kept under an id; undefined where nothing is. */
  read(id: string): Promise<JournalEntry | undefined>;
  /** Writes the intent. False where there is an entry already, which is then left as it is. */
  begin(id: string, intent: JsonObject): Promise<boolean>;
  accepted(id: string, jobId: string): Promise<void>;
  /** Writes the answer, and takes over the file of its image: it is moved to where `spooled` finds it. */
  answered(id: string, answer: JsonObject, image: SpooledFile): Promise<void>;
  /** The image that came with the answer; undefined where this replica does not have it. */
  spooled(id: string): Promise<SpooledFile | undefined>;
  /** Writes the result and drops the spooled bytes. */
  finish(id: string, result: JsonObject): Promise<void>;
  /** Forgets entries that were finished before a time. Gives how many. */
  forget(finishedBefore: Date): Promise<number>;
}
