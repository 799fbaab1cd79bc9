/** One thing that is wrong with a template or a brief. Problems are collected, so that a caller sees all at once. */
export interface Problem {
  /** Path in the request: `content.variables[2].default_value`, `brief.variables["item"]`. */
  readonly field: string;
  readonly description: string;
}
