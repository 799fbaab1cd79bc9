import type { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';

/** A request as it reached a scripted vendor. */
export interface ScriptedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** What a scripted vendor answers: an object goes out as JSON, a buffer as it is. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How the story of a submit goes, as far as vendors differ in telling it. */
export type Scene =
  /** It makes these images; undefined for one that failed while the others did not. */
  | { readonly kind: 'images'; readonly images: readonly (Buffer | undefined)[] }
  /** Moderation refuses, in one of the vendor's forms. */
  | { readonly kind: 'refusal'; readonly form: string }
  /** The submit is answered with an error status; `retryAfter` is in seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** It is accepted and never ends. A vendor that answers at once never answers: its `reply` gives undefined. */
  | { readonly kind: 'pending' }
  /** It succeeds, and the result is said to be at this address. Only for vendors that give addresses. */
  | { readonly kind: 'result_at'; readonly url: string };

/** What a scripted vendor works with. */
export interface Stage {
  /** Origin of the scripted server, which plays every host of the vendor. */
  readonly origin: string;
  readonly scene: Scene;
  /** Keeps what the vendor has to remember between requests, such as jobs; new for every server. */
  readonly memory: Map<string, unknown>;
  /** Puts bytes at an address that the adapter is allowed to fetch from, and gives the address. */
  readonly host: (bytes: Buffer) => string;
}

/** A vendor's side of its protocol, played by a scripted server. One for each provider, beside its tests. */
export interface VendorScript {
  /** Type of the provider; the instance under test has the same name. */
  readonly type: string;
  /** Catalog id of the model that the conformance suite generates with, without `models/`. */
  readonly model: string;
  /** Variables of the instance besides POLL_MS: at least BASE_URL and a credential. */
  readonly env: (origin: string) => Readonly<Record<string, string>>;
  /** Whether a request is a paid submit; these are counted. */
  readonly isSubmit: (request: ScriptedRequest) => boolean;
  /** Answers a request; undefined to leave it without an answer until the other end gives up. */
  readonly reply: (request: ScriptedRequest, stage: Stage) => Reply | undefined;
  /** Every form in which this vendor refuses, with what is expected of it. */
  readonly refusals: Readonly<
    Record<string, { readonly stage: RefusalStage; readonly categories?: readonly string[] }>
  >;
  /** Images that one native request makes at most; above 1 the suite asks for several, and for partial failure. */
  readonly imagesPerRequest: number;
  /** Whether results come as addresses. */
  readonly givesUrls: boolean;
  /** Whether the vendor can be told to cancel; then `isCancel` recognises the request. */
  readonly isCancel?: (request: ScriptedRequest) => boolean;
  /** Whether the outcome of a submit whose connection was lost can be found out, so that it ends in a success. */
  readonly canLookUpLostSubmit?: boolean;
  /** Media type of the images that the suite has it make; the default is image/png. */
  readonly mediaType?: 'image/png' | 'image/jpeg' | 'image/webp';
}
