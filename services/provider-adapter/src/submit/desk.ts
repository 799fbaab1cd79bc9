import { createHash } from 'node:crypto';
import type { Logger } from '@atelier/observability';
import {
  type CandidateResult,
  CandidateResultSchema,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { aborted, type CallOptions, unavailable } from '@atelier/rpc';
import { fromJson, toJson } from '@bufbuild/protobuf';
import pLimit from 'p-limit';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import type { LoadedImage, Provider, ProviderAnswer } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';
import type { ImageStore } from '../store/image-store.ts';
import type { JournalEntry, SubmissionJournal } from './journal/submission-journal.ts';
import { type Answer, keepResult } from './keep-result.ts';
import type { Member } from './member.ts';
import type { RecordEnd } from './metrics.ts';
import { failedResult, refusedResult } from './outcomes.ts';
import { Seat } from './seat.ts';
import { Submitter } from './submitter.ts';
import type { WebhookDesk } from './webhook-desk.ts';
import { decodeWork, encodeWork, type Work } from './work.ts';

/** What the desk works with. */
export interface DeskOptions {
  readonly journal: SubmissionJournal;
  readonly providers: ProviderRegistry;
  readonly store: ImageStore;
  readonly spool: Spool;
  readonly fetcher: GuardedFetcher;
  readonly webhooks?: WebhookDesk | undefined;
  readonly now: () => Date;
  readonly log: Logger;
  readonly recordEnd: RecordEnd;
}

/** A candidate in the making, and whether this call is the one that has to make it. */
export interface Taken {
  readonly seat: Seat;
  readonly isOwner: boolean;
}

/** Results that are checked and stored at once. */
const KEPT_AT_ONCE = 4;

const UNKNOWN = {
  failureClass: FailureClass.UNKNOWN_OUTCOME,
  message: 'The process ended while the provider was at work, and what became of it cannot be found out.',
  retryAfterMs: undefined,
};

/**
 * Where candidates are submitted once. Whoever takes a key first makes it; whoever comes later with the same key attaches,
 * or gets what the journal has. The work belongs to the desk and not to a call: only `cancel` ends it early.
 */
export class SubmissionDesk {
  readonly #options: DeskOptions;
  readonly #submitter: Submitter;
  readonly #seats = new Map<string, Seat>();
  readonly #work = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Checking a picture decodes it, so only so many are checked at once; the others wait on disk. */
  readonly #keeping = pLimit(KEPT_AT_ONCE);

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#submitter = new Submitter({ ...options, stopping: this.#stopping.signal });
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
    return this.#options.journal.read(seat.id);
  }

  /** Makes the candidates of one native request. */
  submit(members: readonly Member[], images: readonly LoadedImage[]): void {
    this.#run(members, async () => {
      for (const { seat, work } of members) {
        seat.start(work.started);
        if (await this.#options.journal.begin(seat.id, encodeWork(work))) continue;
        throw aborted(`Another replica is making ${work.key}.`);
      }
      await this.#make(members, images);
    });
  }

  /** Brings a candidate to its end that an earlier call or process began. */
  resume(seat: Seat, entry: JournalEntry): void {
    const work = decodeWork(entry.intent);
    seat.start(work.started);
    const member = { seat, work };
    if (entry.result !== undefined) {
      seat.end(fromJson(CandidateResultSchema, entry.result, { ignoreUnknownFields: true }));
      return;
    }
    this.#run([member], async () => {
      const image = entry.answer && (await this.#options.journal.spooled(seat.id));
      if (image !== undefined) return this.#keep(member, entry.answer as Answer, image);
      await this.#reconcile(member, entry.jobId);
    });
  }

  /** Cancels what runs under these keys of a team. Gives the keys whose work was stopped by it. */
  cancel(team: string, keys: readonly string[]): string[] {
    const seats = keys.map((key) => this.#seats.get(submissionId(team, key)));
    // All are asked before the first is stopped: a native request stops only when all of its candidates are asked to.
    for (const seat of seats) if (seat !== undefined) seat.isCancelRequested = true;
    return seats.filter((seat) => seat?.cancel() ?? false).map((seat) => seat?.key ?? '');
  }

  /** Waits until nothing runs, for so many milliseconds at most; then lets go of the rest, which the journal remembers. */
  async drain(graceMs: number): Promise<void> {
    const { promise: timedOut, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([Promise.allSettled(this.#work), timedOut]);
    clearTimeout(timer);
    this.#stopping.abort(stopped());
    await Promise.allSettled(this.#work);
  }

  #run(members: readonly Member[], work: () => Promise<void>): void {
    const running = work().catch((error: unknown) => {
      for (const { seat } of members) seat.fail(error);
    });
    this.#work.add(running);
    running.finally(() => this.#work.delete(running));
  }

  async #make(members: readonly Member[], images?: readonly LoadedImage[]): Promise<void> {
    const outcome = await this.#submitter.submit(members, images);
    if (outcome.kind === 'ended') {
      await Promise.all(members.map((member, index) => this.#end(member, outcome.results[index])));
    } else await this.#takeAnswer(members, outcome.answer);
  }

  /** Each image of an answer goes its own way: the failure of one does not fail the others. */
  async #takeAnswer(members: readonly Member[], answer: ProviderAnswer): Promise<void> {
    await Promise.all(
      members.map((member) =>
        this.#takeImage(member, answer).catch((error: unknown) => member.seat.fail(error)),
      ),
    );
  }

  async #takeImage(member: Member, answer: ProviderAnswer): Promise<void> {
    const { seat, work } = member;
    seat.onCancel = undefined;
    const now = this.#options.now();
    const produced = answer.images[work.index];
    if (produced === undefined) {
      const failureClass = FailureClass.BAD_ANSWER;
      const message = 'The provider answered without this image.';
      return this.#end(member, failedResult(work, now, { failureClass, message, retryAfterMs: undefined }));
    }
    if (produced.kind === 'refusal') {
      return this.#end(member, refusedResult(work, now, produced.refusal, answer.jobId));
    }
    if (produced.kind === 'failure') {
      return this.#end(member, failedResult(work, now, produced.failure, answer.jobId));
    }
    const kept: Answer = {
      ...(produced.seed !== undefined && { seed: produced.seed.toString() }),
      ...(produced.revisedPrompt !== undefined && { revisedPrompt: produced.revisedPrompt }),
      ...(answer.jobId !== undefined && { jobId: answer.jobId }),
      ...(answer.units !== undefined && work.index === 0 && { units: answer.units }),
      ...(answer.microUsd !== undefined && { microUsd: work.index === 0 ? answer.microUsd : 0 }),
    };
    const { journal, spool } = this.#options;
    const file = Buffer.isBuffer(produced.bytes) ? await spool.write(produced.bytes) : produced.bytes;
    await journal.answered(seat.id, JSON.parse(JSON.stringify(kept)), file);
    const image = await journal.spooled(seat.id);
    if (image === undefined) throw new Error('the image of a journaled answer is gone');
    await this.#keep(member, kept, image);
  }

  async #keep(member: Member, answer: Answer, image: SpooledFile): Promise<void> {
    const { seat, work } = member;
    seat.progress({ phase: 'storing' });
    const { store, spool, now } = this.#options;
    const context = {
      store,
      spool,
      now,
      call: () => seat.call,
      signal: this.#stopping.signal,
      onAway: () => seat.progress({ phase: 'paused' }),
    };
    await this.#end(member, await this.#keeping(() => keepResult(work, answer, image, context)));
  }

  /** What an earlier process left in the middle: looked up where the provider can, made again where that is harmless. */
  async #reconcile(member: Member, jobId: string | undefined): Promise<void> {
    const { seat, work } = member;
    const provider = this.#provider(work);
    if (provider.reconcile !== undefined) {
      const reconciled = await this.#submitter.reconcile(member, jobId);
      if (reconciled.kind === 'ended') return this.#end(member, reconciled.results[0]);
      if (reconciled.kind === 'answer') return this.#takeAnswer([member], reconciled.answer);
      if (reconciled.kind === 'never_received') return this.#make([member]);
    } else if (provider.isRepeatable) return this.#make([member]);
    this.#options.log.warn(
      { submission: seat.id, provider: provider.name },
      'a submission ends in an unknown outcome',
    );
    await this.#end(member, failedResult(work, this.#options.now(), UNKNOWN, jobId));
  }

  #provider({ model }: Work): Provider {
    const provider = this.#options.providers.get(model.provider);
    if (provider !== undefined) return provider;
    throw unavailable(`The provider ${model.provider} is not configured any more.`, {
      reason: 'PROVIDER_UNAVAILABLE',
    });
  }

  async #end({ seat, work }: Member, result: CandidateResult | undefined): Promise<void> {
    if (result === undefined) throw new Error('a candidate was left without a result');
    await this.#options.journal.finish(seat.id, toJson(CandidateResultSchema, result) as never);
    this.#options.recordEnd(work, result);
    seat.end(result);
  }
}

/** Names a submission in the journal: keys are unique within a team, and may hold what no file name can. */
export function submissionId(team: string, key: string): string {
  return createHash('sha256').update(`${team}\n${key}`).digest('hex');
}

function stopped(): Error {
  return unavailable('The server is shutting down.', { reason: 'DRAINING', retryAfterMs: 500 });
}
