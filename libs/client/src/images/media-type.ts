import { AtelierError } from '../rpc/atelier-error.ts';
import { Code } from '../rpc/code.ts';

/** Media types that the platform takes. */
export type MediaType = 'image/png' | 'image/jpeg' | 'image/webp';

/** The media type of image bytes by their magic numbers. Throws an `AtelierError` NOT_AN_IMAGE for other bytes. */
export function mediaTypeOf(bytes: Uint8Array): MediaType {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  throw new AtelierError(Code.INVALID_ARGUMENT, 'The bytes are not a PNG, JPEG or WebP image.', {
    reason: 'NOT_AN_IMAGE',
  });
}
