import type { Difference } from '../files/difference.ts';

/** What is done to one resource so that it is as the files say. */
export interface Step {
  /** Name of the resource. */
  readonly resource: string;
  readonly action: 'create' | 'add-version' | 'update' | 'unchanged';
  /** The action in words. */
  readonly summary: string;
  readonly differences: readonly Difference[];
  /** What the user should know besides. */
  readonly notes: readonly string[];
  /** Does it. */
  run(): Promise<void>;
}
