/** The user wrote something that cannot be meant: an argument, an option or a file. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Everything that is wrong, one line each. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const all = typeof problems === 'string' ? [problems] : problems;
    super(all.join('\n'));
    this.problems = all;
  }
}
