import type { Logger } from '@atelier/observability';
import {
  type CandidateResult,
  CandidateResultSchema,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { aborted } from '@atelier/rpc';
import { fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import type { LimitFunction } from 'p-limit';
import type { LoadedImage, ProviderAnswer } from '../providers/provider.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';
import type { ImageStore } from '../store/image-store.ts';
import type { JournalEntry, Lease, SubmissionJournal } from './journal/submission-journal.ts';
import { type Answer, keepResult } from './keep-result.ts';
import { firstOf, type Member, type Party } from './member.ts';
import type { RecordEnd } from './metrics.ts';
import { failedResult, refusedResult } from './outcomes.ts';
import { shareOf } from './share.ts';
import { submissionId } from './submission-id.ts';
import type { Submitter } from './submitter.ts';
import { encodeWork, type Work } from './work.ts';

/** What bringing a native request to its end needs. */
export interface RunOptions {
  readonly journal: SubmissionJournal;
  readonly submitter: Submitter;
  readonly store: ImageStore;
  readonly spool: Spool;
  /** Bounds how many results are checked and stored at once. */
  readonly keeping: LimitFunction;
  readonly now: () => Date;
  readonly log: Logger;
  readonly recordEnd: RecordEnd;
  /** Aborted when this process lets go of its work. */
  readonly stopping: AbortSignal;
}

const UNKNOWN = {
  failureClass: FailureClass.UNKNOWN_OUTCOME,
  message: 'The process ended while the provider was at work, and what became of it cannot be found out.',
  retryAfterMs: undefined,
};

/** Part of a native request was asked for, and it turns out that none of it was made: the whole of it is to be asked for. */
const NEVER_SENT = {
  failureClass: FailureClass.UNAVAILABLE,
  message: 'The request never reached the provider.',
  retryAfterMs: undefined,
};

/** A candidate without a result, with what the journal has of it. */
interface Open {
  readonly member: Member;
  readonly entry: JournalEntry | undefined;
}

/** One native request on its way: from its intent through the provider's answer to a result for each candidate. */
export class RequestRun {
  readonly #options: RunOptions;
  readonly #members: readonly Member[];
  /** The reference images, where they are loaded already. */
  readonly #images: readonly LoadedImage[] | undefined;
  #isBegun = false;

  constructor(members: readonly Member[], images: readonly LoadedImage[] | undefined, options: RunOptions) {
    this.#members = members;
    this.#images = images;
    this.#options = options;
  }

  /**
   * Settles when every candidate has ended, be it by another replica that is at it. Rejects where they could not be brought to
   * an end, and may be tried again.
   */
  async run(): Promise<void> {
    const { journal, stopping } = this.#options;
    const { work } = firstOf(this.#members);
    const group = submissionId(work.team, work.keys[0] ?? work.key);
    for (;;) {
      stopping.throwIfAborted();
      const lease = await journal.lease(group);
      try {
        const open = await this.#open();
        if (open.length === 0) return;
        if (lease !== undefined) return await this.#bringToEnd(open, lease);
      } finally {
        await lease?.release();
      }
      for (const { seat } of this.#members) seat.progress({ phase: 'running' });
      await journal.changed(group, stopping);
    }
  }

  /** Ends the candidates that have a result, and gives the others. */
  async #open(): Promise<Open[]> {
    const entries = await Promise.all(this.#members.map(({ seat }) => this.#options.journal.read(seat.id)));
    return this.#members.flatMap((member, index) => {
      const entry = entries[index];
      if (entry?.result === undefined) return [{ member, entry }];
      member.seat.end(fromJson(CandidateResultSchema, entry.result, { ignoreUnknownFields: true }));
      return [];
    });
  }

  async #bringToEnd(open: readonly Open[], lease: Lease): Promise<void> {
    const members = open.map(({ member }) => member);
    const fresh = open.filter(({ entry }) => entry === undefined);
    if (fresh.length === open.length) return this.#make({ members, lease });
    // Part of it was begun by somebody else since this call looked.
    if (fresh.length > 0) throw begunElsewhere();
    this.#isBegun = true;
    for (const { member, entry } of open) if (entry?.isCancelRequested) member.seat.requestCancel();
    const images = await Promise.all(open.map((each) => this.#spooled(each)));
    const unanswered = open.filter((_, index) => images[index] === undefined);
    await Promise.all([
      ...open.map(({ member, entry }, index) => {
        const image = images[index];
        return image && apart([member], () => this.#keep(member, lease, entry?.answer as Answer, image));
      }),
      apart(
        unanswered.map(({ member }) => member),
        () => this.#reconcile(unanswered, lease),
      ),
    ]);
  }

  async #spooled({ member, entry }: Open): Promise<SpooledFile | undefined> {
    return entry?.answer && (await this.#options.journal.spooled(member.seat.id));
  }

  async #make(party: Party): Promise<void> {
    const begin = () => this.#begin(party);
    const outcome = await this.#options.submitter.submit(party, this.#images, begin);
    if (outcome.kind === 'answered') return this.#takeAnswer(party, outcome.answer);
    await this.#endAll(party, outcome.results);
  }

  /** Writes the intents of all candidates, unless they are there. */
  async #begin({ members, lease }: Party): Promise<void> {
    if (this.#isBegun) return;
    const intents = members.map(({ seat, work }) => ({ id: seat.id, intent: encodeWork(work) }));
    if (!(await this.#options.journal.begin(lease, intents))) throw begunElsewhere();
    this.#isBegun = true;
  }

  /** Each image of an answer goes its own way: the failure of one does not fail the others. */
  async #takeAnswer({ members, lease }: Party, answer: ProviderAnswer): Promise<void> {
    await Promise.all(members.map((member) => apart([member], () => this.#takeImage(member, lease, answer))));
  }

  async #takeImage(member: Member, lease: Lease, answer: ProviderAnswer): Promise<void> {
    const { seat, work } = member;
    seat.onCancel = undefined;
    const now = this.#options.now();
    const produced = answer.images[work.index];
    if (produced === undefined) {
      const failureClass = FailureClass.BAD_ANSWER;
      const message = 'The provider answered without this image.';
      return this.#end(
        member,
        lease,
        failedResult(work, now, { failureClass, message, retryAfterMs: undefined }),
      );
    }
    const share = shareOf(answer, work.index);
    if (produced.kind === 'refusal') {
      return this.#end(member, lease, refusedResult(work, now, produced.refusal, answer.jobId, share));
    }
    if (produced.kind === 'failure') {
      return this.#end(member, lease, failedResult(work, now, produced.failure, answer.jobId, share));
    }
    const kept: Answer = {
      ...(produced.seed !== undefined && { seed: produced.seed.toString() }),
      ...(produced.revisedPrompt !== undefined && { revisedPrompt: produced.revisedPrompt }),
      ...(answer.jobId !== undefined && { jobId: answer.jobId }),
      ...share,
    };
    const { journal, spool } = this.#options;
    const file = Buffer.isBuffer(produced.bytes) ? await spool.write(produced.bytes) : produced.bytes;
    await journal.answered(lease, seat.id, JSON.parse(JSON.stringify(kept)), file);
    const image = await journal.spooled(seat.id);
    if (image === undefined) throw new Error('the image of a journaled answer is gone');
    await this.#keep(member, lease, kept, image);
  }

  async #keep(member: Member, lease: Lease, answer: Answer, image: SpooledFile): Promise<void> {
    const { seat, work } = member;
    seat.progress({ phase: 'storing' });
    const { store, spool, now, stopping, keeping } = this.#options;
    const context = {
      store,
      spool,
      now,
      call: () => seat.call,
      signal: stopping,
      onAway: () => seat.progress({ phase: 'paused' }),
    };
    await this.#end(member, lease, await keeping(() => keepResult(work, answer, image, context)));
  }

  /** What was left in the middle: looked up where the provider can, made again where that is harmless. */
  async #reconcile(open: readonly Open[], lease: Lease): Promise<void> {
    if (open.length === 0) return;
    const members = open.map(({ member }) => member);
    const party = { members, lease };
    const { work } = firstOf(members);
    const { submitter, log } = this.#options;
    if (!(await this.#wasSent(work))) return this.#failAll(party, NEVER_SENT);
    const jobId = open.find(({ entry }) => entry?.jobId !== undefined)?.entry?.jobId;
    const reconciled = await submitter.reconcile(party, jobId);
    if (reconciled.kind === 'ended') return this.#endAll(party, reconciled.results);
    if (reconciled.kind === 'answer') return this.#takeAnswer(party, reconciled.answer);
    if (reconciled.kind === 'repeatable') return this.#make(party);
    const isWhole = members.length === work.keys.length;
    if (reconciled.kind === 'never_received' && isWhole) return this.#make(party);
    log.warn(
      { group: firstOf(members).seat.id, model: work.model.name, jobId },
      `a submission ends as ${reconciled.kind}`,
    );
    await this.#failAll(party, reconciled.kind === 'never_received' ? NEVER_SENT : UNKNOWN, jobId);
  }

  /** Whether it may have been sent: all intents of a request are written before, so where one is missing it was not. */
  async #wasSent({ team, keys }: Work): Promise<boolean> {
    const entries = await Promise.all(keys.map((key) => this.#options.journal.read(submissionId(team, key))));
    return !entries.includes(undefined);
  }

  #failAll(party: Party, failure: Parameters<typeof failedResult>[2], jobId?: string): Promise<void> {
    const now = this.#options.now();
    const results = party.members.map(({ work }) => failedResult(work, now, failure, jobId));
    return this.#endAll(party, results);
  }

  async #endAll(party: Party, results: readonly CandidateResult[]): Promise<void> {
    await this.#begin(party);
    await Promise.all(
      party.members.map((member, index) =>
        apart([member], () => this.#end(member, party.lease, results[index])),
      ),
    );
  }

  async #end({ seat, work }: Member, lease: Lease, result: CandidateResult | undefined): Promise<void> {
    if (result === undefined) throw new Error('a candidate was left without a result');
    await this.#options.journal.finish(lease, seat.id, toJson(CandidateResultSchema, result) as JsonObject);
    this.#options.recordEnd(work, result);
    seat.end(result);
  }
}

/** Goes on with some candidates; where that fails, the others are not concerned, and the lease stays until they ended. */
async function apart(members: readonly Member[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const { seat } of members) seat.fail(error);
  }
}

function begunElsewhere(): Error {
  return aborted('Another replica is making some of these candidates. Call again with the same keys.');
}
