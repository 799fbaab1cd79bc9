import { contentDigest } from '@atelier/documents';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { z } from 'zod';
import type { AnsweredReply, JudgeAsk } from '../../judges/judge.ts';

/** Answers of judges that were paid for, kept for the next time that the same is asked. */
export interface KeptAnswers {
  /** What is kept under each key, in their order. What cannot be had, for whatever reason, counts as not kept. */
  find(keys: readonly string[], signal: AbortSignal): Promise<readonly (AnsweredReply | undefined)[]>;
  /** Keeps answers. What cannot be kept is not; nobody waits longer for that than a moment. */
  keep(answers: ReadonlyMap<string, AnsweredReply>): Promise<void>;
}

const schema = z.object({
  pYes: z.number().min(0).max(1),
  pYesTwin: z.number().min(0).max(1).optional(),
  source: z.enum(ProbabilitySource),
  critique: z.string(),
  finding: z.string(),
  measured: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** An answer as it is written down. */
export function writeAnswer({ pYes, pYesTwin, source, critique, finding, measured }: AnsweredReply): string {
  return JSON.stringify({ pYes, pYesTwin, source, critique, finding, measured });
}

/** An answer that was written down, if it is one that this version understands. Nobody was asked for it. */
export function readAnswer(text: string | null | undefined): AnsweredReply | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    return { kind: 'answered', asks: 0, isKept: true, ...schema.parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}

/** Who answers, and how: what changes an answer when it changes. */
export interface Answerer {
  /** `instance@version`. */
  readonly judge: string;
  /** `Judge.manner`. */
  readonly manner: string;
}

/**
 * Key of an answer: SHA-256 over whose image it is, what the image is, what is asked of it with which references, and who is
 * asked how.
 */
export function keyOf(
  { team, image, references }: Pick<JudgeAsk, 'team' | 'image' | 'references'>,
  question: Question,
  { judge, manner }: Answerer,
): string {
  const { text, negatedText, openCount, check, expectedAnswer, showReferences } = question;
  return contentDigest({
    team,
    image: image.sha256,
    references: showReferences ? references.map(({ sha256 }) => sha256) : [],
    text,
    negatedText,
    count: openCount === undefined ? [] : [openCount.of, openCount.expected, openCount.tolerance],
    check: check === undefined ? [] : [check.kind, check.parameters ?? {}],
    expectedAnswer,
    judge,
    manner,
  });
}
