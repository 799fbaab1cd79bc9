import type { CallLimits } from '@atelier/coordination';
import type { Logger } from '@atelier/observability';
import {
  type CandidateResult,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { isRpcError, unavailable } from '@atelier/rpc';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import { type ImageSlot, imageSlots } from '../parameters/image-slot.ts';
import { changeImage } from '../pictures/mask.ts';
import type {
  LoadedImage,
  Provider,
  ProviderAnswer,
  Reconciled,
  Submission,
  SubmitContext,
} from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Spool } from '../spool/spool.ts';
import type { ImageStore } from '../store/image-store.ts';
import { Breaker } from './breaker.ts';
import { downloadResult } from './download-result.ts';
import type { SubmissionJournal } from './journal/submission-journal.ts';
import { firstOf, type Member, type Party } from './member.ts';
import { cancelledResult, failedResult, resultOfError } from './outcomes.ts';
import { loadReferences } from './references.ts';
import { isHarmless } from './retry.ts';
import { lookUp, sendOnce } from './send-once.ts';
import { submissionId } from './submission-id.ts';
import { timeoutMs } from './timeout.ts';
import type { WebhookDesk } from './webhook-desk.ts';

/** What the submitter works with. */
export interface SubmitterOptions {
  readonly journal: SubmissionJournal;
  readonly providers: ProviderRegistry;
  readonly store: ImageStore;
  readonly spool: Spool;
  readonly fetcher: GuardedFetcher;
  readonly limits: CallLimits;
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
/** Cancelled while the provider was at work, which may charge for it all the same. */
const CANCELLED_AT_WORK = Symbol('cancelled at work');
const TIMED_OUT = Symbol('timed out');

/** Sends native requests to providers, so many at once for each instance, and tells apart how they can fail. */
export class Submitter {
  readonly #options: SubmitterOptions;
  readonly #breakers = new Map<string, Breaker>();

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  /**
   * Sends the request that the members share, once there is a place for it; `begin` is called just before. Rejects only where
   * nothing is known yet: this process stops, or another replica has taken over.
   */
  async submit(
    party: Party,
    images: readonly LoadedImage[] | undefined,
    begin: () => Promise<void>,
  ): Promise<Outcome> {
    const { members } = party;
    const provider = this.#provider(members);
    const control = cancelControl(members);
    report(members, { phase: 'queued' });
    const submission = await this.#submission(members, images);
    const { limits, stopping } = this.#options;
    const waiting = AbortSignal.any([control.signal, stopping]);
    try {
      const answer = await limits.within(provider, waiting, () =>
        this.#breaker(provider).run(async (isWell) => {
          await limits.pace(provider, waiting);
          await begin();
          control.signal.throwIfAborted();
          report(members, { phase: 'running' });
          return this.#within(party, control, (context) =>
            sendOnce(provider, submission, watched(context, isWell), party.lease, this.#options),
          );
        }),
      );
      return { kind: 'answered', answer };
    } catch (error) {
      // A failure that says that nothing was made is an end; left to the next process it would be an unknown outcome.
      if (!isHarmless(error)) stopping.throwIfAborted();
      if (isRpcError(error)) throw error;
      return this.#ended(members, provider, error);
    }
  }

  /** Finds out what became of a request that an earlier process began. It ends the candidates where that takes too long. */
  async reconcile(
    party: Party,
    jobId: string | undefined,
  ): Promise<Reconciled | Ended | { readonly kind: 'repeatable' }> {
    const { members } = party;
    const provider = this.#provider(members);
    if (provider.reconcile === undefined) return { kind: provider.isRepeatable ? 'repeatable' : 'unknown' };
    const control = cancelControl(members);
    const submission = await this.#submission(members, undefined);
    try {
      return await this.#within(party, control, (context) => lookUp(provider, submission, jobId, context));
    } catch (error) {
      this.#options.stopping.throwIfAborted();
      if (isRpcError(error)) throw error;
      return this.#ended(members, provider, error);
    }
  }

  #ended(members: readonly Member[], provider: Provider, error: unknown): Ended {
    return { kind: 'ended', results: members.map((member) => this.#resultOf(member, provider, error)) };
  }

  /** Runs under the members' cancellation, the time that the model may take, and the life of this process. */
  async #within<T>(
    { members, lease }: Party,
    control: AbortController,
    work: (context: SubmitContext) => Promise<T>,
  ): Promise<T> {
    const { model, team, key, keys } = firstOf(members).work;
    const group = submissionId(team, keys[0] ?? key);
    const images = firstOf(members).work.keys.length;
    const timer = setTimeout(() => control.abort(TIMED_OUT), timeoutMs(model, images));
    const signal = AbortSignal.any([control.signal, this.#options.stopping]);
    const provider = this.#provider(members);
    using webhook = this.#options.webhooks?.of(provider.name, firstOf(members).work.keys[0] ?? '');
    try {
      return await work({
        signal,
        isGivenUp: () => control.signal.aborted,
        accepted: async (jobId) => {
          for (const { seat } of members) await this.#options.journal.accepted(lease, seat.id, jobId);
        },
        claimOf: (jobId) => this.#options.journal.claimOf(group, `${provider.type}/${jobId}`),
        claimJob: (jobId, isCertain) =>
          this.#options.journal.claimJob(group, `${provider.type}/${jobId}`, isCertain),
        progress: (fraction) => report(members, { phase: 'running', fraction }),
        spool: this.#options.spool,
        download: (url, origins) => downloadResult(url, { ...this.#options, signal, origins }),
        webhook,
      });
    } catch (error) {
      throw control.signal.aborted ? whyAborted(control.signal.reason, error) : error;
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
    // What works in this process has stopped, and charges for what it made alone.
    if (error === CANCELLED_AT_WORK) return cancelledResult(work, now, provider.isInProcess !== true);
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

  #provider(members: readonly Member[]): Provider {
    const name = firstOf(members).work.model.provider;
    const provider = this.#options.providers.get(name);
    if (provider !== undefined) return provider;
    throw unavailable(`The provider ${name} is not configured any more.`, { reason: 'PROVIDER_UNAVAILABLE' });
  }

  #breaker(provider: Provider): Breaker {
    const present = this.#breakers.get(provider.name);
    if (present !== undefined) return present;
    const breaker = new Breaker(provider.name, this.#options.log);
    this.#breakers.set(provider.name, breaker);
    return breaker;
  }
}

/**
 * Why work was given up: what the provider makes of an aborted signal says less than why it was aborted. Between two tries
 * nothing is under way, so that time that runs out there is the failure of the last one, and a cancellation costs nothing.
 */
function whyAborted(reason: unknown, error: unknown): unknown {
  if (isHarmless(error)) return reason === TIMED_OUT ? error : reason;
  return reason === CANCELLED ? CANCELLED_AT_WORK : reason;
}

/** Tells, beside all else, when the provider has taken a job. */
function watched(context: SubmitContext, isWell: () => void): SubmitContext {
  return {
    ...context,
    accepted: async (jobId) => {
      isWell();
      await context.accepted(jobId);
    },
  };
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
