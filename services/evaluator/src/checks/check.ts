import type { DecodedImage } from '../pixels/index.ts';
import type { Ocr } from './text/ocr.ts';

/** What a check concludes about its statement: yes, no, too close to call, or no way to tell. */
export type Verdict = 'PASS' | 'FAIL' | 'UNCERTAIN' | 'CANNOT_JUDGE';

/** The answer of one check about one picture. */
export interface CheckResult {
  /**
   * Probability that the answer is yes, 0 to 1: a smooth, monotone function of the distance of the measured value
   * from its limit (`probability.ts`). .5 when nothing can be said.
   */
  pYes: number;
  verdict: Verdict;
  /** What to ask for so that the next picture passes, in words for a prompt writer; empty on PASS. */
  critique: string;
  /** What was seen, in one plain sentence, whatever the verdict: the critique where "no" is the wanted answer. */
  finding: string;
  /** The values behind the answer, by snake_case name with the unit in the name. */
  measured: Record<string, number | string | boolean>;
}

/** The picture under judgement and the references that came with the request, in their order. */
export interface CheckInput {
  image: DecodedImage;
  references: readonly DecodedImage[];
}

/** What a check may use beside the pixels. */
export interface CheckTools {
  ocr: Ocr;
  signal: AbortSignal;
}

/** A typed check: a pure function from pixels and parameters to an answer. */
export interface Check<P> {
  /** Its name in a rubric, in snake_case. */
  readonly kind: string;
  /** Reads the parameters of a rubric. Numbers may come as text, since values are templates. Throws `ParamError`. */
  parse(params: Readonly<Record<string, unknown>>): P;
  /** Throws only when the signal aborts or the machine fails, never because of what the picture shows. */
  run(params: P, input: CheckInput, tools: CheckTools): Promise<CheckResult>;
}

/** A parameter of a check that cannot be used. `field` is its name as the rubric wrote it. */
export class ParamError extends Error {
  override readonly name = 'ParamError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}
