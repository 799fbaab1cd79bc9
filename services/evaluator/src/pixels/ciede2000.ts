import type { Lab } from './colour-space.ts';

const radians = Math.PI / 180;
const pow25to7 = 25 ** 7;

function hueDegrees(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const degrees = Math.atan2(b, a) / radians;
  return degrees < 0 ? degrees + 360 : degrees;
}

/**
 * The CIEDE2000 colour difference (ISO/CIE 11664-6). About 1 is just noticeable side by side, 2 to 5 is seen
 * at a glance, above 10 most people would name another shade.
 *
 * `lightnessWeight` is the parametric factor k_L: 1 for comparing swatches, 2 where shading should count
 * less than hue (the 2:1 acceptability ratio of textile practice), as on a lit object.
 */
export function ciede2000(x: Lab, y: Lab, lightnessWeight = 1): number {
  const meanC = (Math.hypot(x[1], x[2]) + Math.hypot(y[1], y[2])) / 2;
  const meanC7 = meanC ** 7;
  const stretch = 1.5 - 0.5 * Math.sqrt(meanC7 / (meanC7 + pow25to7));
  const a1 = x[1] * stretch;
  const a2 = y[1] * stretch;
  const c1 = Math.hypot(a1, x[2]);
  const c2 = Math.hypot(a2, y[2]);
  const h1 = hueDegrees(a1, x[2]);
  const h2 = hueDegrees(a2, y[2]);
  const grey = c1 * c2 === 0;

  const deltaL = y[0] - x[0];
  const deltaC = c2 - c1;
  let turn = grey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  else if (turn < -180) turn += 360;
  const deltaH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * radians);

  const l = (x[0] + y[0]) / 2;
  const c = (c1 + c2) / 2;
  let h = h1 + h2;
  if (!grey) {
    if (Math.abs(h1 - h2) <= 180) h /= 2;
    else h = h < 360 ? (h + 360) / 2 : (h - 360) / 2;
  }
  const t =
    1 -
    0.17 * Math.cos((h - 30) * radians) +
    0.24 * Math.cos(2 * h * radians) +
    0.32 * Math.cos((3 * h + 6) * radians) -
    0.2 * Math.cos((4 * h - 63) * radians);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const sc = 1 + 0.045 * c;
  const sh = 1 + 0.015 * c * t;
  const c7 = c ** 7;
  const rotation = 30 * Math.exp(-(((h - 275) / 25) ** 2));
  const rt = -Math.sin(2 * rotation * radians) * 2 * Math.sqrt(c7 / (c7 + pow25to7));

  const dl = deltaL / (lightnessWeight * sl);
  const dc = deltaC / sc;
  const dh = deltaH / sh;
  return Math.sqrt(Math.max(0, dl * dl + dc * dc + dh * dh + rt * dc * dh));
}
