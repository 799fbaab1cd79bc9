import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';

/** An image with its bytes, verified against its digest. */
export interface LoadedImage {
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** What a judge is asked. */
export interface JudgeAsk {
  readonly image: LoadedImage;
  readonly references: readonly LoadedImage[];
  /** What was asked for. To a judge it is data, as is all text in the image. */
  readonly brief: string;
  /** Rendered questions that the judge can answer. */
  readonly questions: readonly Question[];
}

/** A judge's reply to one question. */
export type JudgeReply =
  | {
      readonly kind: 'answered';
      readonly pYes: number;
      /** What to ask for so that the next image gets a yes. */
      readonly critique: string;
      /** What was seen, whatever the answer. */
      readonly finding: string;
      readonly measured: Readonly<Record<string, number | string | boolean>>;
    }
  | {
      readonly kind: 'cannot-judge';
      readonly critique: string;
      readonly measured: Readonly<Record<string, number | string | boolean>>;
    }
  | { readonly kind: 'error'; readonly critique: string };

/** A reply and who gave it. */
export interface NamedReply {
  /** `instance@version`. */
  readonly judge: string;
  readonly reply: JudgeReply;
}

/** What a judge said, in the order of the questions, and what that used. */
export interface JudgeAnswers {
  readonly replies: readonly JudgeReply[];
  readonly usage: readonly Usage[];
}

/** What a judge is able to do. */
export interface JudgeCapabilities {
  /** Kinds of typed checks that it answers. */
  readonly checks: readonly string[];
  /** Whether it answers free questions about an image. */
  readonly vision: boolean;
  readonly logProbabilities: boolean;
}

/**
 * Whoever answers questions about images. An adapter lives in a folder of its own. It throws only for an image that is
 * none (`ImageError`) and when the signal aborts; whatever else goes wrong is a reply of kind `error`.
 */
export interface Judge extends AsyncDisposable {
  readonly instance: string;
  readonly type: string;
  readonly version: string;
  readonly capabilities: JudgeCapabilities;
  answer(ask: JudgeAsk, signal: AbortSignal): Promise<JudgeAnswers>;
}

/** `instance@version`, as records name a judge. */
export function judgeName({ instance, version }: Pick<Judge, 'instance' | 'version'>): string {
  return `${instance}@${version}`;
}

/** Whether a judge is able to answer a question at all. */
export function canAnswer({ capabilities }: Judge, { check }: Question): boolean {
  return check === undefined ? capabilities.vision : capabilities.checks.includes(check.kind);
}
