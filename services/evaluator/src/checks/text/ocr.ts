import type { Box } from '../../pixels/raster.ts';

/** One word as read. */
export interface OcrWord {
  readonly text: string;
  /** 0 to 100, as the engine states it; below about 40 it is mostly noise. */
  readonly confidence: number;
  /** In pixels of the picture that was read. */
  readonly box: Box;
}

/** Words on one line, left to right. */
export interface OcrLine {
  readonly words: readonly OcrWord[];
}

/** An 8-bit picture to read, dark letters on light ground. */
export interface OcrPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How the picture is laid out: a page of blocks, one block, one line, or words scattered anywhere. */
export type OcrLayout = 'page' | 'block' | 'line' | 'scattered';

/** Reads text. The same picture always gives the same words. */
export interface Ocr extends AsyncDisposable {
  /** Lines from top to bottom. Rejects with the signal's reason when it aborts, and after `dispose`. */
  read(picture: OcrPicture, layout: OcrLayout, signal: AbortSignal): Promise<readonly OcrLine[]>;
}

/** The OCR engine failed or took too long. Its message names no content. */
export class OcrError extends Error {
  override readonly name = 'OcrError';
}
