import type { Instance, Secret } from '@atelier/config';
import type { Bounded } from '@atelier/coordination';
import type {
  FailureClass,
  Refusal,
  RefusalSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import type { ImageSlot } from '../parameters/image-slot.ts';
import type { Size } from '../parameters/vocabulary.ts';
import type { Units } from '../pricing/price.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';

/** Bytes of a result: at hand where it is small or made in this process, else on disk. */
export type Content = Buffer | SpooledFile;

/** Bytes of an image with what is known of them. */
export interface LoadedImage {
  readonly bytes: Buffer;
  /** By magic bytes: image/png, image/jpeg or image/webp. */
  readonly mediaType: string;
  /** 64 hex digits. */
  readonly sha256: string;
  /** In pixels, where it is known. */
  readonly size?: Size | undefined;
}

/** What is known of an image that a body speaks of, without its bytes. */
export interface ImageFacts {
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Empty where the bytes are not known yet, or are changed on the way. */
  readonly sha256: string;
  /** In pixels; absent where it is not known yet. */
  readonly size?: Size | undefined;
}

/** One request to a provider, in the provider's own words. */
export interface NativeCall {
  /** The provider's name of the model, and the operation of its protocol. */
  readonly nativeModel: string;
  readonly operation: string;
  /** The native body, with slots where images belong. */
  readonly body: JsonObject;
  /** How many images it makes. */
  readonly images: number;
}

/** A call that is about to leave. */
export interface Submission extends NativeCall {
  /** Key of the first candidate: unique for ever, so good as an idempotency handle and in a webhook's address. */
  readonly key: string;
  /** When it was taken up: no job of it is older. */
  readonly submitTime: Date;
  /** The image for a slot, changed as the slot says. */
  readonly image: (slot: ImageSlot) => LoadedImage;
}

/**
 * What a native request has of a provider's job: it surely is its own, it may be, or it is another request's. A job belongs to
 * one request only.
 */
export type JobClaim = 'certain' | 'uncertain' | 'taken';

/** What a provider may tell, and must heed, while it works. */
export interface SubmitContext {
  /** Aborted when the candidates are cancelled or took too long, and when this process lets go of its work. */
  readonly signal: AbortSignal;
  /**
   * Whether the work is not wanted any more, so that the provider's job is to be cancelled too. False where only this
   * process stops: another one goes on with the job.
   */
  readonly isGivenUp: () => boolean;
  /** Journals the provider's id of the job. Awaited before polling, so that a crash can look the job up. */
  readonly accepted: (jobId: string) => Promise<void>;
  /** What this request has of a job; undefined where nobody has claimed it. */
  readonly claimOf: (jobId: string) => Promise<JobClaim | undefined>;
  /**
   * Claims a job, for providers that can find a lost one only by what it is alike. A certain claim is of a job whose id the
   * provider gave for this very request: it goes before an uncertain one of another.
   */
  readonly claimJob: (jobId: string, isCertain: boolean) => Promise<JobClaim>;
  /** How far the work is, 0 to 1, where that is known. */
  readonly progress: (fraction?: number) => void;
  /** Where results lie until they are stored. */
  readonly spool: Spool;
  /**
   * Copies a result from an address that the provider gave, through the guarded fetcher; `origins` are allowed although
   * private. Throws a `ProviderFailure` of class BAD_ANSWER where the address is refused or gives nothing.
   */
  readonly download: (url: string, origins?: readonly string[]) => Promise<SpooledFile>;
  /** Where the provider may tell of the job; undefined where this installation cannot be reached from outside. */
  readonly webhook?: JobWebhook | undefined;
}

/** The address of one job's webhooks. */
export interface JobWebhook {
  readonly url: string;
  /** Settles when the next genuine webhook has come. */
  readonly woken: () => Promise<void>;
}

/** How one of the images of a request came out. */
export type Produced =
  | {
      readonly kind: 'image';
      readonly bytes: Content;
      /** Seed that the provider reports. */
      readonly seed?: bigint | undefined;
      /** Prompt as the provider rewrote it. */
      readonly revisedPrompt?: string | undefined;
    }
  | { readonly kind: 'refusal'; readonly refusal: MessageInitShape<typeof RefusalSchema> }
  | { readonly kind: 'failure'; readonly failure: ProviderFailure };

/** The provider's answer to one request. */
export interface ProviderAnswer {
  /** As many as were asked for, in order. */
  readonly images: readonly Produced[];
  readonly jobId?: string | undefined;
  /** Units that the provider reports for the whole request; absent where it reports none. */
  readonly units?: Units | undefined;
  /** What the provider says that the whole request costs, in millionths of a US dollar; it goes before any price list. */
  readonly microUsd?: number | undefined;
}

/** What became of a job whose fate was not known. */
export type Reconciled =
  | { readonly kind: 'answer'; readonly answer: ProviderAnswer }
  | { readonly kind: 'never_received' }
  | { readonly kind: 'unknown' };

/** A request as it would leave, secrets redacted. */
export interface NativePreview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON body, every image in words; one that is no object stands under `body`. */
  readonly body: JsonObject;
  readonly parts: readonly {
    readonly name: string;
    readonly mediaType: string;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly text: string;
  }[];
}

/** A webhook as it came. */
export interface Webhook {
  readonly key: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** One configured instance of a provider. Its folder is the only place that knows the vendor's protocol. */
export interface Provider extends Bounded {
  /** Name of the instance, as catalog entries name it. */
  readonly name: string;
  readonly type: string;
  /** Names of variables that are needed and not set; empty where it can be used. */
  readonly missing: readonly string[];
  /**
   * Whether a request whose outcome is unknown may simply be made again: true only where that costs nothing and gives the
   * same picture.
   */
  readonly isRepeatable: boolean;
  /** The native models that it knows, where they are a fixed list: entries that name another are refused. */
  readonly nativeModels?: readonly string[];
  /** Shows a call without making it. */
  preview(call: NativeCall, facts: (slot: ImageSlot) => ImageFacts): NativePreview;
  /** Makes the call. Throws a `ProviderFailure` or `ProviderRefusal` for the request as a whole. */
  submit(submission: Submission, context: SubmitContext): Promise<ProviderAnswer>;
  /** Finds out what became of a job of an earlier process. */
  reconcile?(submission: Submission, jobId: string | undefined, context: SubmitContext): Promise<Reconciled>;
  /** Drafts a catalog entry from what the provider publishes of a model. Throws NOT_FOUND or UNAVAILABLE. */
  draftModel?(nativeModel: string, signal: AbortSignal): Promise<DraftedModel>;
  /**
   * Verifies a webhook and gives its id, by which a replay is known. It only says that there is something new: the job is
   * then looked up. Throws UNAUTHENTICATED for a webhook that is not the provider's.
   */
  verifyWebhook?(webhook: Webhook, now: Date): Promise<string>;
}

/** A drafted catalog entry, and what a person has to look at. */
export interface DraftedModel {
  readonly model: Model;
  readonly notes: readonly string[];
}

/** A kind of provider: what makes instances of it. */
export interface ProviderType {
  readonly type: string;
  readonly create: (instance: ProviderInstance) => Provider;
}

/** What an instance is made of. */
export interface ProviderInstance {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** An instance without any variables, for the providers that are always there. */
export function bareInstance(name: string): Instance {
  return { name, type: name, fields: new Map(), secrets: new Map() };
}

/**
 * The request failed, and how: what callers may do about it follows from the class alone. TIMEOUT, UNKNOWN_OUTCOME,
 * BAD_ANSWER and INTERNAL are for a request that may have been carried out, and are reported at the upper bound of its
 * cost. One that surely did not leave is UNAVAILABLE and says `isNotSent`; only that and RATE_LIMITED are ever retried.
 */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly failureClass: FailureClass;
  /** After how many milliseconds the provider asks to come again. */
  readonly retryAfterMs: number | undefined;
  /** Whether the request surely did not leave, so that it may be sent again. */
  readonly isNotSent: boolean;

  constructor(
    failureClass: FailureClass,
    message: string,
    options: {
      readonly retryAfterMs?: number;
      readonly isNotSent?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failureClass = failureClass;
    this.retryAfterMs = options.retryAfterMs;
    this.isNotSent = options.isNotSent ?? false;
  }
}

/** The provider's moderation refused the whole request. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly refusal: MessageInitShape<typeof RefusalSchema>;

  constructor(refusal: Pick<Refusal, 'stage' | 'categories' | 'message'>) {
    super(refusal.message);
    this.refusal = { ...refusal };
  }
}
