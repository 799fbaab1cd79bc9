import { darken, lighten, luminance, mix } from '../colour.ts';
import type { Lighting } from '../parse/reading.ts';

/** How a surface catches the light: a ball, an upright cylinder, a standing sheet, or not at all. */
export type Surface = 'round' | 'tube' | 'sheet' | 'flat';

interface Falloff {
  lift: number;
  drop: number;
  tint?: readonly [string, number];
}

/** How much brighter the lit side and darker the far side are, per kind of light. */
const FALLOFF: Readonly<Record<Lighting, Falloff>> = {
  soft: { lift: 0.28, drop: 0.16 },
  studio: { lift: 0.4, drop: 0.24 },
  bright: { lift: 0.42, drop: 0.1 },
  dramatic: { lift: 0.3, drop: 0.5 },
  backlit: { lift: 0.05, drop: 0.42 },
  warm: { lift: 0.3, drop: 0.22, tint: ['#ffb050', 0.14] },
  cool: { lift: 0.3, drop: 0.22, tint: ['#5fa0ff', 0.14] },
  dim: { lift: 0.1, drop: 0.35, tint: ['#101018', 0.25] },
};

const number = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * Draws shapes of one picture in one style. Nouns describe themselves once, as bodies and details; whether they
 * come out flat or shaded is decided here. Gradients are shared between shapes of the same colour.
 */
export class Ink {
  readonly shaded: boolean;
  readonly #falloff: Falloff;
  readonly #gradients = new Map<string, string>();

  constructor(shading: 'flat' | 'shaded', light: Lighting) {
    this.shaded = shading === 'shaded';
    this.#falloff = FALLOFF[light];
  }

  /** The gradient definitions that the shapes drawn so far refer to. */
  definitions(): string {
    return [...this.#gradients.values()].join('');
  }

  /** A closed shape with an outline, so that a white egg stands out from a white ground. */
  body(d: string, colour: string, surface: Surface = 'sheet', outline = 1.5): string {
    const edge = this.edge(colour);
    return `<path d="${d}" fill="${this.paint(colour, surface)}" stroke="${edge}" stroke-width="${outline}" stroke-linejoin="round"/>`;
  }

  /** A shape on a body: no outline. */
  detail(d: string, colour: string, opacity = 1): string {
    return `<path d="${d}" fill="${this.#tinted(colour)}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ''}/>`;
  }

  /** A line with round ends. */
  stroke(d: string, colour: string, width: number, opacity = 1): string {
    return `<path d="${d}" fill="none" stroke="${this.#tinted(colour)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${opacity < 1 ? ` stroke-opacity="${opacity}"` : ''}/>`;
  }

  /** A thick line with an outline: stems, handles, legs. */
  rod(d: string, colour: string, width: number): string {
    return this.stroke(d, this.edge(colour), width + 2.4) + this.stroke(d, colour, width);
  }

  /** A highlight. Flat pictures get a fainter one. */
  gloss(d: string, strength = 0.5): string {
    return `<path d="${d}" fill="#ffffff" fill-opacity="${number(this.shaded ? strength : strength * 0.55)}"/>`;
  }

  /** The outline that goes with a colour: darker, or for near-black things a little lighter. */
  edge(colour: string): string {
    const tinted = this.#tinted(colour);
    return luminance(tinted) < 0.03
      ? lighten(tinted, 0.28)
      : darken(tinted, luminance(tinted) > 0.75 ? 0.42 : 0.36);
  }

  /** The fill for a colour on a surface: the colour itself when flat, a shared gradient when shaded. */
  paint(colour: string, surface: Surface): string {
    const base = this.#tinted(colour);
    if (!this.shaded || surface === 'flat') return base;
    const id = `g${surface}${base.slice(1)}`;
    if (!this.#gradients.has(id)) this.#gradients.set(id, this.#gradient(id, base, surface));
    return `url(#${id})`;
  }

  #tinted(colour: string): string {
    const { tint } = this.#falloff;
    return tint ? mix(colour, tint[0], tint[1]) : colour;
  }

  #gradient(id: string, base: string, surface: Surface): string {
    const { lift, drop } = this.#falloff;
    const stop = (offset: number, colour: string) => `<stop offset="${offset}" stop-color="${colour}"/>`;
    const lit = lighten(base, lift);
    const shade = darken(base, drop);
    if (surface === 'round') {
      return `<radialGradient id="${id}" cx="0.36" cy="0.3" r="0.8">${stop(0, lit)}${stop(0.4, base)}${stop(1, shade)}</radialGradient>`;
    }
    if (surface === 'tube') {
      return `<linearGradient id="${id}" x1="0" y1="0" x2="1" y2="0">${stop(0, darken(base, drop * 0.5))}${stop(0.25, lit)}${stop(0.55, base)}${stop(1, shade)}</linearGradient>`;
    }
    return `<linearGradient id="${id}" x1="0" y1="0" x2="0.35" y2="1">${stop(0, lighten(base, lift * 0.6))}${stop(0.5, base)}${stop(1, darken(base, drop * 0.8))}</linearGradient>`;
  }
}

/** Path data of an ellipse. */
export function oval(cx: number, cy: number, rx: number, ry: number = rx): string {
  return `M${number(cx - rx)} ${number(cy)}a${number(rx)} ${number(ry)} 0 1 0 ${number(rx * 2)} 0a${number(rx)} ${number(ry)} 0 1 0 ${number(-rx * 2)} 0z`;
}

/** Path data of a rectangle with rounded corners. */
export function block(x: number, y: number, width: number, height: number, radius = 0): string {
  const r = Math.min(radius, width / 2, height / 2);
  if (r <= 0) return `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`;
  return `M${number(x + r)} ${number(y)}h${number(width - 2 * r)}a${r} ${r} 0 0 1 ${r} ${r}v${number(height - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${r}h${number(2 * r - width)}a${r} ${r} 0 0 1 ${-r} ${-r}v${number(2 * r - height)}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}
