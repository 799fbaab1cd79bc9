import type { Logger } from '@atelier/observability';
import {
  type CandidateResult,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { race, unavailable } from '@atelier/rpc';
import pLimit, { type LimitFunction } from 'p-limit';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import { type ImageSlot, imageSlots } from '../parameters/image-slot.ts';
import { changeImage } from '../pictures/mask.ts';
import {
  type LoadedImage,
  type Provider,
  type ProviderAnswer,
  ProviderFailure,
  type Reconciled,
  type Submission,
  type SubmitContext,
} from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Spool } from '../spool/spool.ts';
import type { ImageStore } from '../store/image-store.ts';
import { downloadResult } from './download-result.ts';
import type { SubmissionJournal } from './journal/submission-journal.ts';
import type { Member } from './member.ts';
import { cancelledResult, failedResult, resultOfError } from './outcomes.ts';
import { loadReferences } from './references.ts';
import { withRetries } from './retry.ts';
import { timeoutMs } from './timeout.ts';
import type { WebhookDesk } from './webhook-desk.ts';

/** What the submitter works with. */
export interface SubmitterOptions {
  readonly journal: SubmissionJournal;
  readonly providers: ProviderRegistry;
  readonly store: ImageStore;
  readonly spool: Spool;
  readonly fetcher: GuardedFetcher;
  /** Where providers may tell of jobs; undefined where nobody outside can reach this installation. */
  readonly webhooks?: WebhookDesk | undefined;
  readonly now: () => Date;
  readonly log: Logger;
  /** Aborted when this process lets go of its work. */
  readonly stopping: AbortSignal;
}

/** The same end for all candidates of a native request. */
export interface Ended {
  readonly kind: 'ended';
  readonly results: readonly CandidateResult[];
}

/** What came of a native request: an answer, or the same end for all of its candidates. */
export type Outcome = { readonly kind: 'answered'; readonly answer: ProviderAnswer } | Ended;

const CANCELLED = Symbol('cancelled');
const TIMED_OUT = Symbol('timed out');

/** Sends native requests to providers, so many at once for each instance, and tells apart how they can fail. */
export class Submitter {
  readonly #options: SubmitterOptions;
  readonly #limits = new Map<string, LimitFunction>();

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  /** Sends the request that the members share. Rejects only where this process stops, and nothing is known yet. */
  async submit(members: readonly Member[], images?: readonly LoadedImage[]): Promise<Outcome> {
    const provider = this.#provider(members);
    const control = cancelControl(members);
    report(members, { phase: 'queued' });
    const submission = await this.#submission(members, images);
    try {
      const answer = await this.#inTurn(provider, control.signal, () => {
        report(members, { phase: 'running' });
        return this.#within(members, control, (context) => this.#send(provider, submission, context));
      });
      return { kind: 'answered', answer };
    } catch (error) {
      this.#options.stopping.throwIfAborted();
      return { kind: 'ended', results: members.map((member) => this.#resultOf(member, provider, error)) };
    }
  }

  /** Sends a request, and where its connection was lost looks up what became of it, if the provider can tell. */
  async #send(provider: Provider, submission: Submission, context: SubmitContext): Promise<ProviderAnswer> {
    let jobId: string | undefined;
    const accepted = async (id: string) => {
      jobId = id;
      await context.accepted(id);
    };
    const options = {
      signal: context.signal,
      random: Math.random,
      onPause: (failure: ProviderFailure, pauseMs: number) =>
        this.#options.log.info(
          { provider: provider.name, pauseMs, why: failure.message },
          'a submit is repeated',
        ),
    };
    const send = () => withRetries(() => provider.submit(submission, { ...context, accepted }), options);
    try {
      return await send();
    } catch (error) {
      const isUnknown =
        error instanceof ProviderFailure && error.failureClass === FailureClass.UNKNOWN_OUTCOME;
      if (!isUnknown || provider.reconcile === undefined) throw error;
      const reconciled = await provider.reconcile(submission, jobId, context);
      if (reconciled.kind === 'answer') return reconciled.answer;
      if (reconciled.kind === 'never_received') return send();
      throw error;
    }
  }

  /** Asks the provider what became of a job of an earlier process. It ends the candidate where it is cancelled or too slow. */
  async reconcile(member: Member, jobId: string | undefined): Promise<Reconciled | Ended> {
    const provider = this.#provider([member]);
    const control = cancelControl([member]);
    const submission = await this.#submission([member], undefined);
    try {
      return await this.#within([member], control, async (context) => {
        return (await provider.reconcile?.(submission, jobId, context)) ?? { kind: 'unknown' };
      });
    } catch (error) {
      this.#options.stopping.throwIfAborted();
      if (error !== CANCELLED && error !== TIMED_OUT) throw error;
      return { kind: 'ended', results: [this.#resultOf(member, provider, error)] };
    }
  }

  /** Runs under the members' cancellation, the time that the model may take, and the life of this process. */
  async #within<T>(
    members: readonly Member[],
    control: AbortController,
    work: (context: SubmitContext) => Promise<T>,
  ): Promise<T> {
    const { model } = firstOf(members).work;
    const images = firstOf(members).work.keys.length;
    const timer = setTimeout(() => control.abort(TIMED_OUT), timeoutMs(model, images));
    const signal = AbortSignal.any([control.signal, this.#options.stopping]);
    const provider = this.#provider(members);
    try {
      return await work({
        signal,
        isGivenUp: () => control.signal.aborted,
        accepted: async (jobId) => {
          for (const { seat } of members) await this.#options.journal.accepted(seat.id, jobId);
        },
        progress: (fraction) => report(members, { phase: 'running', fraction }),
        spool: this.#options.spool,
        download: (url, origins) => downloadResult(url, { ...this.#options, signal, origins }),
        webhook: this.#options.webhooks?.of(provider.name, firstOf(members).work.keys[0] ?? ''),
      });
    } catch (error) {
      // What the provider makes of an aborted signal says less than why it was aborted.
      throw control.signal.aborted ? control.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #submission(
    members: readonly Member[],
    given: readonly LoadedImage[] | undefined,
  ): Promise<Submission> {
    const { seat, work } = firstOf(members);
    const loaded = given ?? (await loadReferences(work.references, this.#options.store, seat.call));
    const changed = new Map<string, LoadedImage>();
    for (const { reference, change } of imageSlots(work.body)) {
      const image = loaded[reference];
      if (image !== undefined) changed.set(`${reference} ${change}`, await changeImage(image, change));
    }
    return {
      key: work.keys[0] ?? work.key,
      submitTime: work.submitTime,
      nativeModel: work.model.nativeModel,
      operation: work.model.operation,
      body: work.body,
      images: work.keys.length,
      image: ({ reference, change }: ImageSlot) => {
        const image = changed.get(`${reference} ${change}`);
        if (image === undefined) throw new Error(`the body has no image ${reference}`);
        return image;
      },
    };
  }

  #resultOf({ work }: Member, provider: Provider, error: unknown): CandidateResult {
    const now = this.#options.now();
    if (error === CANCELLED) return cancelledResult(work, now);
    if (error === TIMED_OUT) {
      const isKnown = provider.isRepeatable;
      return failedResult(work, now, {
        failureClass: isKnown ? FailureClass.TIMEOUT : FailureClass.UNKNOWN_OUTCOME,
        message: `${work.model.name} did not answer within ${timeoutMs(work.model, work.keys.length)} ms.`,
        retryAfterMs: undefined,
      });
    }
    const result = resultOfError(work, now, error);
    if (result !== undefined) return result;
    this.#options.log.error(
      { err: error, model: work.model.name },
      'a submission failed by a fault of our own',
    );
    const message = 'The request could not be made.';
    return failedResult(work, now, { failureClass: FailureClass.INTERNAL, message, retryAfterMs: undefined });
  }

  /** Waits for a place among the provider's requests. What is cancelled while it waits does not wait any longer. */
  async #inTurn<T>(provider: Provider, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const turn = this.#limit(provider)(async () => {
      signal.removeEventListener('abort', leave);
      signal.throwIfAborted();
      // Nothing new is sent by a process that is about to end.
      this.#options.stopping.throwIfAborted();
      return work();
    });
    if (signal.aborted) leave();
    return race(turn, waiting.signal);
  }

  #provider(members: readonly Member[]): Provider {
    const name = firstOf(members).work.model.provider;
    const provider = this.#options.providers.get(name);
    if (provider !== undefined) return provider;
    throw unavailable(`The provider ${name} is not configured any more.`, { reason: 'PROVIDER_UNAVAILABLE' });
  }

  #limit(provider: Provider): LimitFunction {
    let limit = this.#limits.get(provider.name);
    if (limit === undefined) {
      limit = pLimit(provider.concurrency);
      this.#limits.set(provider.name, limit);
    }
    return limit;
  }
}

/** A native request is cancelled when all of its candidates are. */
function cancelControl(members: readonly Member[]): AbortController {
  const control = new AbortController();
  const cancel = () => {
    if (!members.every(({ seat }) => seat.isCancelRequested)) return false;
    control.abort(CANCELLED);
    return true;
  };
  for (const { seat } of members) seat.onCancel = cancel;
  cancel();
  return control;
}

function report(members: readonly Member[], progress: Parameters<Member['seat']['progress']>[0]): void {
  for (const { seat } of members) seat.progress(progress);
}

function firstOf(members: readonly Member[]): Member {
  const [first] = members;
  if (first === undefined) throw new Error('a native request has no candidates');
  return first;
}
