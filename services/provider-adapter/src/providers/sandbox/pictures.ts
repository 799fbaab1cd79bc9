import sharp from 'sharp';

/** Hues in degrees; the seed takes one. */
const HUES = [6, 28, 48, 96, 150, 205, 260, 330];

/** A plain picture: one sharp, centred ball with a shadow on a light ground. */
export async function plainPicture(width: number, height: number, seed: number): Promise<Buffer> {
  return sharp(Buffer.from(ball(width, height, seed)))
    .png()
    .toBuffer();
}

/**
 * Sigma in pixels of the blur of a soft picture that is at most 1,024 pixels long: its edges are about 5 pixels wide, where
 * one may take it for sharp or not.
 */
const SOFT_SIGMA = 2.2;

/** The same picture, a little out of focus and pale. */
export async function softPicture(width: number, height: number, seed: number): Promise<Buffer> {
  const blur = SOFT_SIGMA * Math.max(1, Math.max(width, height) / 1_024);
  return sharp(Buffer.from(ball(width, height, seed)))
    .blur(blur)
    .linear(0.7, 60)
    .png()
    .toBuffer();
}

/** Grey noise, blurred until nothing is left to see. */
export async function blurredNoise(width: number, height: number, seed: number): Promise<Buffer> {
  const pixels = Buffer.alloc(64 * 64);
  let state = (seed >>> 0) + 1;
  for (let index = 0; index < pixels.length; index += 1) {
    // xorshift32: the sequence is the seed's, so that the same request gives the same bytes.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[index] = 96 + ((state >>> 8) & 63);
  }
  return sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
    .blur(6)
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
}

function ball(width: number, height: number, seed: number): string {
  const hue = HUES[Math.abs(seed) % HUES.length];
  const radius = Math.min(width, height) * 0.34;
  const [x, y] = [width / 2, height / 2];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="ball" cx="38%" cy="32%" r="75%">
      <stop offset="0%" stop-color="hsl(${hue}, 85%, 72%)"/>
      <stop offset="60%" stop-color="hsl(${hue}, 78%, 48%)"/>
      <stop offset="100%" stop-color="hsl(${hue}, 80%, 28%)"/>
    </radialGradient></defs>
    <rect width="100%" height="100%" fill="#f6f6f4"/>
    <ellipse cx="${x}" cy="${y + radius * 0.98}" rx="${radius * 0.8}" ry="${radius * 0.1}" fill="#d9d9d4"/>
    <circle cx="${x}" cy="${y}" r="${radius}" fill="url(#ball)"/>
  </svg>`;
}
