import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PathCommand } from 'opentype.js';
import opentype from 'opentype.js';

/** Distance between baselines, in ems. */
export const LINE_HEIGHT = 1.18;

/** Height of a capital in DejaVu Sans, in ems, from its OS/2 table. */
const CAP_HEIGHT = 0.729;

let parsed: ReturnType<typeof opentype.parse> | undefined;

/** The bold face of DejaVu Sans from its npm package: the same letters on every machine, whatever fonts it has. */
function font(): ReturnType<typeof opentype.parse> {
  if (!parsed) {
    const file = createRequire(import.meta.url).resolve(
      '@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff',
    );
    const bytes = readFileSync(file);
    parsed = opentype.parse(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    );
  }
  return parsed;
}

/** The width of a line in pixels at an em of `size` pixels. */
export function lineWidth(line: string, size: number): number {
  const face = font();
  return [...line].reduce(
    (sum, letter) => sum + (face.charToGlyph(letter).advanceWidth / face.unitsPerEm) * size,
    0,
  );
}

/**
 * Path data for lines of text centred on (x, y). Glyphs are placed one by one, without ligatures or shaping, which
 * opentype.js cannot do for every table of this font.
 */
export function lettering(lines: readonly string[], x: number, y: number, size: number): string {
  const face = font();
  const step = size * LINE_HEIGHT;
  return lines
    .map((line, index) => {
      const baseline = y + (index - (lines.length - 1) / 2) * step + (CAP_HEIGHT / 2) * size;
      let at = x - lineWidth(line, size) / 2;
      return [...line]
        .map((letter) => {
          const glyph = face.charToGlyph(letter);
          const path = pathData(glyph.getPath(at, baseline, size).commands);
          at += (glyph.advanceWidth / face.unitsPerEm) * size;
          return path;
        })
        .join('');
    })
    .join('');
}

/** Written out here because the library's own writer merges numbers in ways that renderers read differently. */
function pathData(commands: readonly PathCommand[]): string {
  const n = (value: number | undefined): string => String(Math.round((value ?? 0) * 10) / 10);
  return commands
    .map(({ type, x1, y1, x2, y2, x, y }) => {
      if (type === 'Z') return 'Z';
      if (type === 'C') return `C${n(x1)} ${n(y1)} ${n(x2)} ${n(y2)} ${n(x)} ${n(y)}`;
      if (type === 'Q') return `Q${n(x1)} ${n(y1)} ${n(x)} ${n(y)}`;
      return `${type}${n(x)} ${n(y)}`;
    })
    .join('');
}
