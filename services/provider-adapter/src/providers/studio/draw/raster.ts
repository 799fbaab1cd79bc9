import sharp from 'sharp';
import type { Scene } from '../scene/scene.ts';
import { drawScene } from './picture.ts';

/** Pixels as sharp has them: 8 bits a channel, three channels or four. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/** File formats the studio writes. */
export type StudioFormat = 'png' | 'jpeg' | 'webp';

/** Draws a scene and finishes it: soft focus and loss of contrast are done on pixels, as in a camera. */
export async function rasterise(scene: Scene): Promise<Pixels> {
  let image = sharp(Buffer.from(drawScene(scene)), { density: 72 });
  const short = Math.min(scene.width, scene.height);
  if (scene.softness > 0) image = image.blur(0.8 + scene.softness * short * 0.006);
  image = scene.transparent ? image.ensureAlpha() : image.removeAlpha();
  if (scene.contrast < 1) {
    const lift = (1 - scene.contrast) * 150;
    const gain = [scene.contrast, scene.contrast, scene.contrast];
    image = scene.transparent
      ? image.linear([...gain, 1], [lift, lift, lift, 0])
      : image.linear(gain, [lift, lift, lift]);
  }
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: scene.transparent ? 4 : 3 };
}

/** Writes pixels as a file without any metadata. `quality` is 0 (smallest) to 100 (best) and only for lossy formats. */
export async function encode(pixels: Pixels, format: StudioFormat, quality = 90): Promise<Buffer> {
  const { data, width, height, channels } = pixels;
  const image = sharp(data, { raw: { width, height, channels } });
  if (format === 'png') return image.png({ compressionLevel: 6 }).toBuffer();
  const lossy = { quality: Math.max(1, Math.min(100, Math.round(quality))) };
  if (format === 'webp') return image.webp({ ...lossy, effort: 2 }).toBuffer();
  // 4:4:4 keeps coloured letters crisp.
  return image
    .flatten({ background: '#ffffff' })
    .jpeg({ ...lossy, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
