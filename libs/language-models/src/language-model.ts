import type { Cost, Usage, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';

/** An image that a model is shown. */
export interface ImagePart {
  readonly kind: 'image';
  readonly bytes: Uint8Array;
  /** `image/png`, `image/jpeg`, `image/webp`. */
  readonly mediaType: string;
  /** For the estimate: what models charge for an image depends on its size. */
  readonly width: number;
  readonly height: number;
}

/** Words that a model is told. */
export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

/** One question to a model. It keeps no memory: everything that it is to know is in here. */
export interface ModelRequest {
  /** What the work is for, in the ledger. */
  readonly usageKind: UsageKind;
  /** Instructions, ours alone: nothing of a caller or of an image stands here. */
  readonly system: string;
  /** Words and images, in the order in which they are shown. */
  readonly parts: readonly (ImagePart | TextPart)[];
  /** JSON schema (draft 7) of the answer, an object. Every property is required, and no other is allowed. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Name of the schema, for vendors that want one: letters, digits and underscores. */
  readonly schemaName: string;
  /** Longest answer, in tokens. */
  readonly maxOutputTokens: number;
  /** 0 for the likeliest answer, up to 1. Undefined for the model's own; some models take none. */
  readonly temperature?: number | undefined;
  /** Whether the log-probabilities of the answer's tokens are wanted. Ignored by a model that gives none. */
  readonly logProbabilities?: boolean | undefined;
}

/** A token of an answer, with what might have stood in its place. */
export interface AnswerToken {
  readonly text: string;
  /** The likeliest tokens in this place, this one among them as far as the model tells, with their natural logarithms of p. */
  readonly top: readonly { readonly text: string; readonly logProbability: number }[];
}

/** What a model answered. */
export interface ModelAnswer {
  /** The answer as it came: JSON in words. */
  readonly text: string;
  /** The same, parsed. It is checked against nothing but being an object: whoever asked checks the rest. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Tokens whose texts in a row are `text`; undefined where the model gave none. */
  readonly tokens: readonly AnswerToken[] | undefined;
  /** One usage for input and one for output tokens, with their prices where they are known. */
  readonly usage: readonly Usage[];
}

/** How asking failed. */
export type ModelFailureKind =
  /** Its moderation would not answer. Asking again does not help. */
  | 'refused'
  /** It answered, and not in JSON, or was cut off. */
  | 'malformed'
  /** It was asked too often, for longer than could be waited. */
  | 'rate_limited'
  /** It could not be reached, or failed by itself. */
  | 'unavailable'
  /** It did not answer in time. */
  | 'timeout'
  /** It does not know the credential, or the account has no money. */
  | 'auth'
  /** It would not take the request, such as an image that is too large. */
  | 'invalid_request';

/** Asking failed. The message is for people, names the instance, and holds nothing of the request and no secret. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: ModelFailureKind;
  /** What was used all the same. */
  readonly usage: readonly Usage[];

  constructor(
    kind: ModelFailureKind,
    message: string,
    options: { readonly usage?: readonly Usage[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.usage = options.usage ?? [];
  }
}

/**
 * One configured language model: what to write prompts and to look at images is asked of. Its bounds are shared by all
 * replicas when Redis is there. Failures that may pass are tried again within the time of the signal; what comes out after
 * that is a `ModelFailure`.
 */
export interface LanguageModel {
  /** Name of the instance, as variables name it. */
  readonly instance: string;
  /** openai, anthropic, gemini, openai-compatible, replicate. */
  readonly type: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  /** Whether it is shown images. */
  readonly vision: boolean;
  /** Whether it gives log-probabilities of an answer's tokens. */
  readonly logProbabilities: boolean;
  /** Whether it takes a temperature, without which repeated asks are all that varies. */
  readonly takesTemperature: boolean;
  /** Digest of the settings that its answers depend on, beside its model. Answers under another digest are another's. */
  readonly settings: string;
  /** Whether its prices are known. */
  readonly priced: boolean;
  /**
   * Asks. Throws `ModelFailure`, or the signal's reason; then `onAbandoned` is told first what was used, or may have been, all the
   * same. Nothing was where the call still waited for its turn.
   */
  ask(
    request: ModelRequest,
    signal: AbortSignal,
    onAbandoned?: (usage: readonly Usage[]) => void,
  ): Promise<ModelAnswer>;
  /** Upper bound of what asking costs once, repeats within `ask` not counted. Unknown where no price is. */
  estimate(request: ModelRequest): Cost;
}
