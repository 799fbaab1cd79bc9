import type { Style } from '../output/style.ts';

/** How a generation is explained. */
export interface ExplainOptions {
  readonly style: Style;
  /** Characters of a line. */
  readonly width: number;
  /** Everything that the record knows: who answered with which p, receipts, requests, every version. */
  readonly verbose: boolean;
}
