/**
 * Why bytes could not be taken as an image:
 * - `EMPTY`: there are no bytes.
 * - `TOO_LARGE`: more bytes than the limit.
 * - `NOT_AN_IMAGE`: the first bytes are of no raster image format (a zip renamed to `.png`, text, a web page).
 * - `UNSUPPORTED_FORMAT`: a known kind of picture that is not accepted here (SVG, PDF, PSD, ...).
 * - `TOO_MANY_PIXELS`: the header announces more pixels than the limit (a decompression bomb).
 * - `CORRUPT`: the header is readable, the pixels are not (truncated, bad checksums).
 */
export type ImageErrorCode =
  | 'EMPTY'
  | 'TOO_LARGE'
  | 'NOT_AN_IMAGE'
  | 'UNSUPPORTED_FORMAT'
  | 'TOO_MANY_PIXELS'
  | 'CORRUPT';

/** The one error that `decodeImage` throws. The message is safe to show to a caller: it quotes no content. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
