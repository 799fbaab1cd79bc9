/** Width and height in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Squares of so many pixels that cover an image, after it was made small enough to need no more than a budget of them. */
function squares({ width, height }: Size, side: number, budget: number): number {
  const needed = Math.ceil(width / side) * Math.ceil(height / side);
  if (needed <= budget) return needed;
  const shrink = Math.sqrt((budget * side ** 2) / (width * height));
  return Math.min(budget, Math.ceil((width * shrink) / side) * Math.ceil((height * shrink) / side));
}

/** OpenAI's tiles of 512 pixels, after the image was made to fit 2,048 pixels, then 768 on its short side. */
function tiles({ width, height }: Size, base: number, tile: number): number {
  const fit = Math.min(1, 2_048 / Math.max(width, height));
  const shrink = Math.min(1, 768 / (Math.min(width, height) * fit)) * fit;
  return base + tile * Math.ceil((width * shrink) / 512) * Math.ceil((height * shrink) / 512);
}

/** How OpenAI's guide to images and vision has each model count; a server of somebody else counts as Qwen2.5-VL does. */
export function openaiImageTokens(model: string, size: Size): number {
  if (!/^(gpt-|o\d)/.test(model)) return squares(size, 28, 16_384);
  if (/^gpt-4o-mini/.test(model)) return tiles(size, 2_833, 5_667);
  if (/^(gpt-4o|gpt-4\.1$)/.test(model)) return tiles(size, 85, 170);
  if (/nano/.test(model)) return Math.ceil(squares(size, 32, 1_536) * 2.46);
  if (/mini/.test(model)) return Math.ceil(squares(size, 32, 1_536) * 1.62);
  if (/^o\d/.test(model)) return tiles(size, 75, 150);
  return Math.ceil(squares(size, 32, 2_500) * 1.2);
}

/** Anthropic's squares of 28 pixels; models since Opus 4.7 see more of them. */
export function anthropicImageTokens(model: string, { width, height }: Size): number {
  const isOlder = /(opus|sonnet|haiku)-4-[0-6]|-4-2025|claude-3/.test(model);
  const edge = isOlder ? 1_568 : 2_576;
  const fit = Math.min(1, edge / Math.max(width, height));
  return squares({ width: width * fit, height: height * fit }, 28, isOlder ? 1_600 : 4_784);
}

/** Gemini's crops up to version 2.5, and the fixed number of later versions. */
export function geminiImageTokens(model: string, { width, height }: Size): number {
  if (!/^gemini-[12]/.test(model)) return 1_120;
  if (width <= 384 && height <= 384) return 258;
  const side = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * Math.ceil(width / side) * Math.ceil(height / side);
}
