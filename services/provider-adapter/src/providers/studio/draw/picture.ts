import { createRandom } from '../random.ts';
import type { PlacedObject, PlacedText, Scene } from '../scene/scene.ts';
import { drawBackground } from './background.ts';
import { drawingOf } from './catalogue.ts';
import { Ink } from './ink.ts';
import { lettering, lineWidth } from './lettering.ts';

const n = (value: number): string => String(Math.round(value * 100) / 100);

/** The whole picture as one SVG document, without any text element, metadata or reference to outside. */
export function drawScene(scene: Scene): string {
  const ink = new Ink(scene.shading, scene.lighting);
  const ground = drawBackground(scene);
  const all = [...scene.clutter, ...scene.objects];
  const shadows = scene.shadow ? all.map((object) => shadowOf(object, scene)).join('') : '';
  const objects = all.map((object) => drawObject(ink, object, scene.stream)).join('');
  const texts = scene.texts.map(drawText).join('');
  const shade = `<radialGradient id="shade"><stop offset="0" stop-color="#000000" stop-opacity="${scene.lighting === 'soft' || scene.lighting === 'bright' ? 0.3 : 0.44}"/><stop offset="0.55" stop-color="#000000" stop-opacity="0.16"/><stop offset="1" stop-color="#000000" stop-opacity="0"/></radialGradient>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${scene.width}" height="${scene.height}" viewBox="0 0 ${scene.width} ${scene.height}"><defs>${shade}${ink.definitions()}</defs>${ground}${shadows}${objects}${texts}</svg>`;
}

/** A soft pool under the object; side light draws it out to the right. It stays within the gap to the next row. */
function shadowOf(object: PlacedObject, scene: Scene): string {
  const long = scene.lighting === 'dramatic' || scene.lighting === 'warm';
  const rx = object.width * (long ? 0.6 : 0.52);
  const ry = Math.min(object.width * 0.085, object.height * 0.09);
  const cx = object.x + object.width * (long ? 0.6 : 0.5);
  return `<ellipse cx="${n(cx)}" cy="${n(object.y + object.height - ry * 0.25)}" rx="${n(rx)}" ry="${n(ry)}" fill="url(#shade)"/>`;
}

function drawObject(ink: Ink, object: PlacedObject, stream: string): string {
  const drawing = drawingOf(object.noun);
  const scale = object.width / drawing.width;
  const rise = object.height - drawing.height * scale;
  const details = { accent: object.accent, ...(object.fill ? { fill: object.fill } : {}) };
  const label = object.label && drawing.label ? labelText(object.label, drawing.label) : '';
  const self = `<g transform="translate(0 ${n(rise)}) scale(${n4(scale)})">${drawing.draw(ink, object.colour, details)}${label}</g>`;
  const held = object.holds ? heap(ink, object, drawing.height * scale, stream) : '';
  // A plate carries things on top; everything else hides their lower half.
  const inner = object.noun === 'plate' ? self + held : held + self;
  const turn = object.turn ? ` rotate(${n(object.turn)} ${n(object.width / 2)} ${n(object.height / 2)})` : '';
  return `<g transform="translate(${n(object.x)} ${n(object.y)})${turn}">${inner}</g>`;
}

/** Scales of tiny objects need more digits than positions. */
const n4 = (value: number): string => String(Math.round(value * 10000) / 10000);

/** Things lying in a vessel: side by side, each at the same depth, the outer ones a little lower. */
function heap(ink: Ink, object: PlacedObject, bodyHeight: number, stream: string): string {
  const { holds } = object;
  if (!holds) return '';
  const random = createRandom(stream, 'heap', object.noun, holds.noun);
  const drawing = drawingOf(holds.noun);
  const shown = Math.min(holds.count, 7);
  const wide = object.width * (object.noun === 'plate' ? 0.62 : 0.8);
  const rise = object.height - bodyHeight;
  const tallest = object.noun === 'plate' ? rise + bodyHeight * 0.5 : rise + bodyHeight * 0.24;
  const scale = Math.min((wide / shown / drawing.width) * (shown > 2 ? 1.25 : 1), tallest / drawing.height);
  const base = tallest;
  const step = shown > 1 ? (wide - drawing.width * scale) / (shown - 1) : 0;
  const start = (object.width - (shown > 1 ? wide : drawing.width * scale)) / 2;
  return Array.from({ length: shown }, (_, index) => {
    const off = shown > 1 ? Math.abs(index / (shown - 1) - 0.5) : 0;
    const x = start + index * step;
    const y = Math.max(0, base - drawing.height * scale) + off * rise * 0.2;
    const turn = random.between(-8, 8);
    const colour = holds.colours[index % holds.colours.length] ?? '#888888';
    return `<g transform="translate(${n(x)} ${n(y)}) scale(${n4(scale)}) rotate(${n(turn)} ${drawing.width / 2} ${drawing.height / 2})">${drawing.draw(ink, colour, { accent: holds.accent })}</g>`;
  }).join('');
}

function labelText(label: string, box: { x: number; y: number; width: number; height: number }): string {
  const lines = wrap(label);
  const widest = Math.max(...lines.map((line) => lineWidth(line, 1)), 0.1);
  const size = Math.min(
    (box.width * 0.84) / widest,
    (box.height * 0.8) / (lines.length * 1.15),
    box.height * 0.55,
  );
  return `<path d="${lettering(lines, box.x + box.width / 2, box.y + box.height / 2, size)}" fill="#22262b"/>`;
}

/** Breaks a label of several words so that its letters can be larger. */
function wrap(label: string): string[] {
  const words = label.split(' ');
  if (words.length === 1 || label.length < 9) return [label];
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half).join(' '), words.slice(half).join(' ')].filter((line) => line !== '');
}

/** Text as paths, with its band behind it. */
export function drawText(text: PlacedText): string {
  const { band } = text;
  const ground = band
    ? `<rect x="${n(band.x)}" y="${n(band.y)}" width="${n(band.width)}" height="${n(band.height)}" fill="${band.colour}"/>`
    : '';
  return `${ground}<path d="${lettering(text.lines, text.x, text.y, text.size)}" fill="${text.colour}"/>`;
}
