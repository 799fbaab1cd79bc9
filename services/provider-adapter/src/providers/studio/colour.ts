/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** Reads `#rgb` or `#rrggbb`. Throws a RangeError on anything else. */
export function toRgb(hex: string): Rgb {
  const body = hex.replace('#', '');
  const full = body.length === 3 ? [...body].map((digit) => digit + digit).join('') : body;
  const value = Number.parseInt(full, 16);
  if (full.length !== 6 || Number.isNaN(value)) throw new RangeError(`not a colour: ${hex}`);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Writes `#rrggbb`, rounding and clamping each channel. */
export function toHex(rgb: Rgb): string {
  const byte = (channel: number) => Math.max(0, Math.min(255, Math.round(channel)));
  return `#${rgb.map((channel) => byte(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** Blends linearly in sRGB; `share` 0 keeps the first colour and 1 gives the second. */
export function mix(from: string, to: string, share: number): string {
  const a = toRgb(from);
  const b = toRgb(to);
  return toHex([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]);
}

/** Towards white by `share`, 0 to 1. */
export const lighten = (colour: string, share: number): string => mix(colour, '#ffffff', share);

/** Towards black by `share`, 0 to 1. */
export const darken = (colour: string, share: number): string => mix(colour, '#000000', share);

/** Relative luminance, 0 (black) to 1 (white), by the WCAG 2 formula. */
export function luminance(colour: string): number {
  const [red, green, blue] = toRgb(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((left, right) => right - left) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}

/** Straight-line distance in RGB, 0 to about 442. Enough to tell "near the ground" from "an object". */
export function distance(one: Rgb, other: Rgb): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
