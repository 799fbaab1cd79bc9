/** Formats that are decoded. Anything else is refused by its first bytes, before any decoder sees it. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff';

/** What the first bytes say: a format, `other` for a known picture or document that is not accepted, or nothing. */
export type Sniffed = ImageFormat | 'other' | undefined;

function startsWith(bytes: Uint8Array, prefix: string, offset = 0): boolean {
  if (bytes.length < offset + prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[offset + i] !== prefix.charCodeAt(i)) return false;
  }
  return true;
}

/** Recognises a raster image by magic bytes alone. File names and declared types are never trusted. */
export function sniffFormat(bytes: Uint8Array): Sniffed {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp';
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif';
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return 'tiff';
  if (startsWith(bytes, 'ftyp', 4)) return startsWith(bytes, 'avi', 8) ? 'avif' : 'other';
  if (startsWith(bytes, '%PDF') || startsWith(bytes, '8BPS') || startsWith(bytes, 'BM')) return 'other';
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart().toLowerCase();
  if (head.startsWith('<svg') || (head.startsWith('<?xml') && head.includes('<svg'))) return 'other';
  return undefined;
}
