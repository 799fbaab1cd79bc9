import { UsageError } from '../usage-error.ts';

/** Gathers what is wrong with several files, so that all of it is told at once. */
export class Problems {
  readonly #found: string[] = [];

  get count(): number {
    return this.#found.length;
  }

  add(...problems: readonly string[]): void {
    this.#found.push(...problems);
  }

  /** What the work gives; undefined where it was refused, with what is wrong kept. */
  async attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.add(...error.problems);
      return undefined;
    }
  }

  /** Throws a `UsageError` where anything is wrong. */
  settle(): void {
    if (this.#found.length > 0) throw new UsageError(this.#found);
  }
}
