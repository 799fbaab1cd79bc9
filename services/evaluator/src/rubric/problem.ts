/** One thing that is wrong with a rubric or with the values for it. Problems are collected, so that all are told at once. */
export interface Problem {
  /** Path in the request: `content.questions[3].check.parameters.count`. */
  readonly field: string;
  readonly description: string;
}
