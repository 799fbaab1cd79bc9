import { ciede2000 } from '../pixels/ciede2000.ts';
import { type Lab, type Rgb, rgbToHex, rgbToLab } from '../pixels/colour-space.ts';
import { ParamError } from './check.ts';
import { colourAliases, colourNames } from './colour-names.ts';
import type { Params } from './params.ts';

/** A wanted colour: its name as the rubric wrote it, and the colours that satisfy it, in CIELAB. */
export interface WantedColour {
  readonly label: string;
  readonly examples: readonly Lab[];
}

/** `#rgb` or `#rrggbb` to sRGB; undefined for anything else. */
export function parseHex(text: string): Rgb | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const full =
    short === null
      ? text
      : `#${short
          .slice(1)
          .map((digit) => digit + digit)
          .join('')}`;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(full);
  if (match === null) return undefined;
  const [r = 0, g = 0, b = 0] = match.slice(1).map((pair) => Number.parseInt(pair, 16));
  return [r, g, b];
}

function examplesOf(name: string): Lab[] | undefined {
  return colourNames[name]?.map((hex) => rgbToLab(parseHex(hex) ?? [0, 0, 0]));
}

/** Reads a colour by hex value or by name (English, British or American spelling). Throws `ParamError`. */
export function parseColour(field: string, text: string): WantedColour {
  const rgb = parseHex(text.trim());
  if (rgb !== undefined) return { label: text.trim().toLowerCase(), examples: [rgbToLab(rgb)] };
  const name = text.trim().toLowerCase().replaceAll('_', ' ').replaceAll(/\s+/g, ' ');
  const examples = examplesOf(colourAliases[name] ?? name) ?? examplesOf(name.replaceAll('-', ' '));
  if (examples === undefined) throw new ParamError(field, 'must be a known colour name or #rrggbb');
  return { label: name, examples };
}

/** The colour of a required parameter. */
export function readColour(params: Params, field: string): WantedColour | undefined {
  const text = params.text(field, 40);
  return text === undefined ? undefined : parseColour(field, text);
}

/** CIEDE2000 to the nearest example of a wanted colour. See `ciede2000` for `lightnessWeight`. */
export function differenceFrom(wanted: WantedColour, lab: Lab, lightnessWeight = 1): number {
  return Math.min(...wanted.examples.map((example) => ciede2000(lab, example, lightnessWeight)));
}

const vocabulary = Object.keys(colourNames).map((name) => ({
  label: name,
  examples: examplesOf(name) ?? [],
}));

/** The name in the vocabulary that is nearest to a colour. */
export function nameOf(rgb: Rgb): string {
  const lab = rgbToLab(rgb);
  let best = { label: 'grey', difference: Number.POSITIVE_INFINITY };
  for (const entry of vocabulary) {
    const difference = differenceFrom(entry, lab);
    if (difference < best.difference) best = { label: entry.label, difference };
  }
  return best.label;
}

/** `light blue (#add8e6)`, for sentences. */
export function describe(rgb: Rgb): string {
  return `${nameOf(rgb)} (${rgbToHex(rgb)})`;
}
