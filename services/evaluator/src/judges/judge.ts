import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';

/** An image with its bytes, verified against its digest. */
export interface LoadedImage {
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** Told what was used, as soon as it is known: what follows may fail, and is paid for all the same. */
export type Spend = (usage: readonly Usage[]) => void;

/** What a judge is asked. */
export interface JudgeAsk {
  readonly image: LoadedImage;
  readonly references: readonly LoadedImage[];
  /** Rendered questions that the judge can answer, none of which depends on another. */
  readonly questions: readonly Question[];
  /** Whose image it is: answers that were kept are given to nobody else. */
  readonly team: string;
  /** Whether it is a second look, for which nothing that was kept counts. */
  readonly isSecondLook: boolean;
  readonly spend: Spend;
}

/** Values behind an answer, by snake_case name with the unit in the name. */
export type Measured = Readonly<Record<string, number | string | boolean>>;

/** A judge's reply to one question that it could answer. */
export interface AnsweredReply {
  readonly kind: 'answered';
  /** The mean with the polarity twin, where there is one. */
  readonly pYes: number;
  /** p(yes) to the polarity twin. */
  readonly pYesTwin?: number | undefined;
  readonly source: ProbabilitySource;
  /** How often it was asked; 0 where the answer was kept. */
  readonly asks: number;
  readonly isKept?: boolean;
  /** What to ask for so that the next image gets a yes. */
  readonly critique: string;
  /** What was seen, whatever the answer. */
  readonly finding: string;
  readonly measured: Measured;
}

/** A judge's reply to one question. */
export type JudgeReply =
  | AnsweredReply
  | { readonly kind: 'cannot-judge'; readonly critique: string; readonly measured: Measured }
  | { readonly kind: 'error'; readonly critique: string };

/** A reply and who gave it. */
export interface NamedReply {
  /** `instance@version`. */
  readonly judge: string;
  readonly reply: JudgeReply;
}

/** What a judge is able to do. */
export interface JudgeCapabilities {
  /** Kinds of typed checks that it answers. */
  readonly checks: readonly string[];
  /** Whether it answers free questions about an image. */
  readonly vision: boolean;
  readonly logProbabilities: boolean;
}

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What an upper bound of costs is wanted for. */
export interface EstimateAsk {
  readonly image: ImageSize;
  readonly references: readonly ImageSize[];
  /** As in `JudgeAsk`. */
  readonly questions: readonly Question[];
}

/** Two attempts at a brief. */
export interface CompareAsk {
  readonly a: LoadedImage;
  readonly b: LoadedImage;
  /** What was asked for. To a judge it is data, as is all text in the images. */
  readonly brief: string;
  readonly spend: Spend;
}

/** Which of two images a judge prefers, in each order in which it was shown them. */
export interface Comparison {
  /** `instance@version`. */
  readonly judge: string;
  /** With A shown first; CANNOT_JUDGE where it gave no answer. */
  readonly aFirst: Preference;
  readonly bFirst: Preference;
  readonly rationale: string;
}

/** Compares images. */
export interface Comparer {
  /** Never throws for what a model does; whether the signal was aborted is the caller's to see. Throws `ImageError`. */
  compare(ask: CompareAsk, signal: AbortSignal): Promise<Comparison>;
  /** Upper bound of what a comparison costs. */
  estimate(sizes: readonly [ImageSize, ImageSize], brief: string): Cost;
}

/**
 * Whoever answers questions about images. An adapter lives in a folder of its own. It throws only for an image that is
 * none (`ImageError`) and when the signal aborts; whatever else goes wrong is a reply of kind `error`.
 */
export interface Judge extends AsyncDisposable {
  readonly instance: string;
  readonly type: string;
  readonly version: string;
  /** Model that answers; empty where it is none. */
  readonly model: string;
  /** What changes its answers beside its version, as a text to be compared; undefined where nothing does. */
  readonly manner?: string | undefined;
  /** How often it is asked where p comes from repeated asks; 0 where it does not. */
  readonly asks: number;
  /** Whether the price of its answers is known. */
  readonly isPriced: boolean;
  readonly capabilities: JudgeCapabilities;
  /** Compares images, where it can. */
  readonly comparer?: Comparer | undefined;
  /** Replies in the order of the questions. */
  answer(ask: JudgeAsk, signal: AbortSignal): Promise<readonly JudgeReply[]>;
  /** Upper bound of what answering costs, repeats included. */
  estimate(ask: EstimateAsk): Cost;
}

/** `instance@version`, as records name a judge. */
export function judgeName({ instance, version }: Pick<Judge, 'instance' | 'version'>): string {
  return `${instance}@${version}`;
}

/** Whether a judge answers a question by itself. */
export function canAnswer({ capabilities }: Judge, { check }: Question): boolean {
  return check === undefined ? capabilities.vision : capabilities.checks.includes(check.kind);
}

/**
 * Whether a judge is able to read out the text that a question is about. What it reads is compared as the check compares it;
 * it is asked where the check did not settle the question.
 */
export function canRead({ capabilities }: Judge, { check }: Question): boolean {
  return capabilities.vision && check?.kind === 'text_present';
}
