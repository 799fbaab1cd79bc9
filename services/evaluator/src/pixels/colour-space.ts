const { cbrt, max, min, round } = Math;

/** A colour in CIELAB under D65: L 0 to 100, a and b about -128 to 128. */
export type Lab = readonly [number, number, number];

/** sRGB channels, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** sRGB transfer function of IEC 61966-2-1, tabulated: 8-bit code value to linear light, 0 to 1. */
const linear = Float64Array.from({ length: 256 }, (_, code) => {
  const c = code / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

function toLinear(code: number): number {
  return linear[min(255, max(0, round(code)))] as number;
}

/** Forward CIELAB nonlinearity with its linear toe (CIE 15:2004). */
function labCurve(t: number): number {
  return t > 216 / 24389 ? cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

/** sRGB to CIELAB (D65 white, the sRGB primaries of IEC 61966-2-1). */
export function rgbToLab(rgb: Rgb): Lab {
  const r = toLinear(rgb[0]);
  const g = toLinear(rgb[1]);
  const b = toLinear(rgb[2]);
  const x = labCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = labCurve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = labCurve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * sRGB bytes (RGBA) to OKLab planes scaled by 100, so that a just visible step is about 1 to 2 units and
 * white is L = 100. OKLab (B. Ottosson, 2020) is used for work on every pixel: it is cheap and its hue lines
 * are straight, which keeps shading of one object together. Alpha is ignored here.
 */
export function rgbaToOklab(rgba: Uint8Array, count: number): Float32Array {
  const lab = new Float32Array(count * 3);
  for (let i = 0, p = 0, q = 0; i < count; i++, p += 4, q += 3) {
    const r = linear[rgba[p] as number] as number;
    const g = linear[rgba[p + 1] as number] as number;
    const b = linear[rgba[p + 2] as number] as number;
    const l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    lab[q] = 100 * (0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s);
    lab[q + 1] = 100 * (1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s);
    lab[q + 2] = 100 * (0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s);
  }
  return lab;
}

/** Back from an OKLab plane value (times 100) to sRGB, clipped to the gamut. */
export function oklabToRgb(lightness: number, a: number, b: number): Rgb {
  const l = ((lightness + 0.3963377774 * a + 0.2158037573 * b) / 100) ** 3;
  const m = ((lightness - 0.1055613458 * a - 0.0638541728 * b) / 100) ** 3;
  const s = ((lightness - 0.0894841775 * a - 1.291485548 * b) / 100) ** 3;
  const encode = (x: number) => {
    const c = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
    return round(255 * min(1, max(0, c)));
  };
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `#rrggbb` of an sRGB colour. */
export function rgbToHex(rgb: Rgb): string {
  return `#${rgb.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}
