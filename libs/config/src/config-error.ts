/** One thing that is wrong with the environment. */
export interface ConfigProblem {
  /** Name of the variable. */
  readonly variable: string;
  /** What is wrong, in words. Never holds the value, which may be a secret. */
  readonly message: string;
}

/** The environment does not fit the schema. The message lists every problem, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`);
    super(`${problems.length} problem(s) in the environment:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
