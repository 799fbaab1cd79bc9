import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { ImageChange } from '../parameters/image-slot.ts';
import type { LoadedImage } from '../providers/provider.ts';

/**
 * Changes a mask from the platform's meaning (white is where to paint) to the provider's. Other images stay as they are.
 * A changed mask is a PNG.
 */
export async function changeImage(image: LoadedImage, change: ImageChange): Promise<LoadedImage> {
  if (change === 'none') return image;
  const grey = sharp(image.bytes).flatten({ background: '#000000' }).greyscale().toColourspace('b-w');
  if (change === 'mask_invert') return png(await grey.negate().png().toBuffer(), image);
  // Transparent where the mask is white: the alpha channel is the mask, exchanged.
  const { data, info } = await grey.negate().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const alpha = sharp(data, { raw: { width, height, channels } });
  const black = sharp({ create: { width, height, channels: 3, background: '#000000' } });
  const mask = await alpha.extractChannel(0).raw().toBuffer();
  return png(
    await black
      .joinChannel(mask, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer(),
    image,
  );
}

function png(bytes: Buffer, { size }: LoadedImage): LoadedImage {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, mediaType: 'image/png', sha256, size };
}
