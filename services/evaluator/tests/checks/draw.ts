import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { type DecodedImage, decodeImage } from '../../src/pixels/index.ts';

/**
 * Pictures with known truth for the tests. Everything is drawn as vector shapes, text as outlines of one bundled
 * font, so that no test depends on the fonts of the machine.
 */
const require = createRequire(import.meta.url);

interface Font {
  unitsPerEm: number;
  charToGlyph(character: string): {
    advanceWidth?: number;
    getPath(x: number, y: number, size: number): { toPathData(decimals: number): string };
  };
}

const opentype = require('opentype.js') as { parse(bytes: ArrayBufferLike): Font };

function loadFont(weight: 400 | 700) {
  const file = readFileSync(
    require.resolve(`@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff`),
  );
  return opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}

const fonts = { 400: loadFont(400), 700: loadFont(700) };

/** An SVG path of the text with its baseline starting at (x, y). */
export function lettering(
  text: string,
  x: number,
  y: number,
  size: number,
  fill: string,
  weight: 400 | 700 = 700,
): string {
  const font = fonts[weight];
  let at = x;
  let path = '';
  for (const character of text) {
    const glyph = font.charToGlyph(character);
    path += glyph.getPath(at, y, size).toPathData(2);
    at += ((glyph.advanceWidth ?? 0) * size) / font.unitsPerEm;
  }
  return `<path d="${path}" fill="${fill}"/>`;
}

/** Renders SVG shapes on a ground. `ground` is a CSS colour or `none` for transparent. */
export function draw(body: string, ground = '#ffffff', width = 512, height = width): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <rect width="100%" height="100%" fill="${ground}"/>${body}</svg>`;
  return sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer();
}

/** Draws and decodes in one step. */
export async function picture(
  body: string,
  ground?: string,
  width?: number,
  height?: number,
): Promise<DecodedImage> {
  return decodeImage(await draw(body, ground, width, height));
}

export function circle(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}

/** A soft shadow: a blurred dark ellipse. `blur` is the standard deviation in pixels. */
export function softShadow(
  x: number,
  y: number,
  rx: number,
  ry: number,
  blur: number,
  opacity = 0.4,
): string {
  const id = `blur${x}-${y}-${blur}`.replaceAll('.', '_');
  return `<filter id="${id}" x="-100%" y="-200%" width="300%" height="500%"><feGaussianBlur stdDeviation="${blur}"/></filter>
    <ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="#000" opacity="${opacity}" filter="url(#${id})"/>`;
}

/** A ball lit from the upper left, from `light` to `dark`. */
export function shadedBall(x: number, y: number, radius: number, light: string, dark: string): string {
  const id = `ball${x}-${y}-${radius}`.replaceAll('.', '_');
  return `<radialGradient id="${id}" cx="35%" cy="30%" r="75%"><stop offset="0" stop-color="${light}"/>
    <stop offset="1" stop-color="${dark}"/></radialGradient>${circle(x, y, radius, `url(#${id})`)}`;
}

/** An orange root with green leaves: two colours, one object. */
export function carrot(x: number, y: number, scale = 1): string {
  return `<g transform="translate(${x} ${y}) scale(${scale})">
    <path d="M0 -80 C-12 -130 -40 -140 -45 -150 M0 -80 C0 -140 5 -150 0 -165 M0 -80 C12 -130 40 -140 45 -150"
      stroke="#2e8b3a" stroke-width="18" fill="none" stroke-linecap="round"/>
    <path d="M-45 -85 Q0 -105 45 -85 Q35 40 0 160 Q-35 40 -45 -85 Z" fill="#ee7d22"/>
    <path d="M-30 -40 H5 M-5 10 H25 M-18 60 H8" stroke="#c75f10" stroke-width="5"/></g>`;
}

/** A bottle with a cap and a pale label. */
export function bottle(x: number, y: number, fill: string, scale = 1): string {
  return `<g transform="translate(${x} ${y}) scale(${scale})">
    <rect x="-18" y="-160" width="36" height="24" fill="#333"/>
    <path d="M-15 -136 H15 V-90 Q55 -70 55 -30 V150 H-55 V-30 Q-55 -70 -15 -90 Z" fill="${fill}"/>
    <rect x="-55" y="10" width="110" height="80" fill="#f6f1e0"/>
    <circle cx="0" cy="50" r="24" fill="#b33"/></g>`;
}

/** The next number of a small seeded generator (mulberry32), 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A scene without an even ground: overlapping patches of many colours over the whole frame. */
export function clutter(seed: number, width = 512, height = 512, patches = 400): string {
  const next = seeded(seed);
  let body = '';
  for (let i = 0; i < patches; i++) {
    const size = 12 + next() * 60;
    const fill = `hsl(${Math.round(next() * 360)},${Math.round(20 + next() * 70)}%,${Math.round(20 + next() * 60)}%)`;
    body += rectangle(next() * width - 30, next() * height - 30, size, size * (0.5 + next()), fill);
  }
  return body;
}

/** Adds seeded grey noise of the given amplitude (code values) to a picture. */
export async function withNoise(image: Buffer, amplitude: number, seed: number): Promise<Buffer> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const next = seeded(seed);
  for (let i = 0; i < data.length; i += 3) {
    const shift = (next() + next() - 1) * amplitude;
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(255, Math.max(0, (data[i + c] as number) + shift));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .png()
    .toBuffer();
}
