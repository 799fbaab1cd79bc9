import sharp from 'sharp';

/** A small picture of one colour. */
export function picture(colour: string, type = 'image/png', width = 64, height = 64): Promise<Buffer> {
  const image = sharp({ create: { width, height, channels: 3, background: colour } });
  const format = type.slice('image/'.length) as 'png' | 'jpeg' | 'webp';
  return image.toFormat(format).toBuffer();
}

/** A picture of more than 40 MB: 3,700 pixels square, not compressed. */
export function largePicture(): Promise<Buffer> {
  const create = { width: 3_700, height: 3_700, channels: 3, background: '#204060' } as const;
  return sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
}
