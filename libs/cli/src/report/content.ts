import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { PictureMode } from './pictures.ts';

/** A generation in a report, and how the reader knows it: the id of a batch's row, or nothing. */
export interface ReportItem {
  readonly generation: Generation;
  readonly label: string;
}

/** What a report is about. */
export interface ReportContent {
  readonly title: string;
  readonly items: readonly ReportItem[];
  /** What the reader should know of what is and is not in it. */
  readonly notes: readonly string[];
  readonly images: PictureMode;
  /** When it was made. */
  readonly time: Date;
}
