/** Protocols that a scripted server speaks. `openai` is chat completions, which compatible servers speak too. */
export type LanguageProtocol = 'openai' | 'anthropic' | 'gemini' | 'replicate';

/** A question as it reached a scripted server, the same for every protocol. */
export interface SeenAsk {
  /** From 1 in the order in which they came; a repeat is a further one. */
  readonly number: number;
  readonly model: string;
  readonly system: string;
  /** Words of the user, in order. */
  readonly texts: readonly string[];
  /** Images of the user, in order. */
  readonly images: readonly SeenImage[];
  /** How words and images follow each other. Replicate takes them apart: words first. */
  readonly order: readonly ('text' | 'image')[];
  /** JSON schema that the answer is to have; undefined where none was given apart from words. */
  readonly schema: unknown;
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly logProbabilities: boolean;
  /** Headers, with names in lower case. The credential is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole request as it came, in the protocol's own form. */
  readonly body: unknown;
}

/** An image as it reached a scripted server, which has decoded it. */
export interface SeenImage {
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What a scripted model does with a question. */
export type ScriptedReply =
  | {
      readonly kind: 'json';
      readonly json: object;
      /** For each JSON string value in order of appearance: tokens that might stand at its beginning, with their p. */
      readonly alternatives?: readonly Readonly<Record<string, number>>[];
    }
  /** Words, such as what is no JSON. */
  | { readonly kind: 'text'; readonly text: string }
  /** Its moderation will not answer: what it was told, or what it was about to say, which is the default. */
  | { readonly kind: 'refused'; readonly message?: string; readonly of?: 'input' | 'output' }
  /** It stops in the middle, since the answer may not be longer. */
  | { readonly kind: 'cut' }
  /** The vendor's error of this HTTP status; `code` is what the vendor calls it, where statuses have several. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly code?: string;
      readonly retryAfterSeconds?: number;
    }
  /** It never answers. */
  | { readonly kind: 'hang' }
  /** It answers without an end. */
  | { readonly kind: 'flood' }
  /** It closes the connection: before an answer, or in the middle of one. */
  | { readonly kind: 'drop'; readonly halfway?: boolean };

/** What a scripted server is to be particular about. */
export interface LanguageServerOptions {
  /** The only key that it knows. Without one it takes any, and where the protocol allows it none. */
  readonly key?: string;
  /** For Replicate: it never waits for the end of a prediction, so that one has to look for it. */
  readonly isSlow?: boolean;
}

/** A vendor of language models, played by a script. */
export interface LanguageServer extends AsyncDisposable {
  /** Base address, as the vendor's own is given to a client: with the path of the protocol's version. */
  readonly url: string;
  /** Questions in the order in which they came; requests that break the protocol are not among them. */
  readonly asks: readonly SeenAsk[];
  /** What was wrong with requests that broke the protocol, and were refused for it. */
  readonly objections: readonly string[];
  /** Settles once there are so many questions. */
  asked(count: number): Promise<void>;
  /** Settles once so many questions were given up by whoever asked, before they had an answer. */
  abandoned(count: number): Promise<void>;
}
