import { darken, lighten, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Scene } from '../scene/scene.ts';

/** Draws what is behind everything, as SVG. A plain ground is one rectangle of exactly one colour. */
export function drawBackground(scene: Scene): string {
  if (scene.transparent) return '';
  const { kind, colour } = scene.background;
  const random = createRandom(scene.stream, 'background', kind);
  const { width: w, height: h } = scene;
  return rect(0, 0, w, h, colour) + PAINTERS[kind]({ w, h, colour, random, unit: Math.min(w, h) / 100 });
}

interface Canvas {
  w: number;
  h: number;
  colour: string;
  random: Random;
  /** A hundredth of the short side. */
  unit: number;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

function rect(x: number, y: number, width: number, height: number, fill: string, extra = ''): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${extra}/>`;
}

function circle(x: number, y: number, r: number, fill: string, opacity = 1): string {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"${opacity < 1 ? ` fill-opacity="${n(opacity)}"` : ''}/>`;
}

function times(count: number, draw: (index: number) => string): string {
  return Array.from({ length: Math.max(0, Math.ceil(count)) }, (_, index) => draw(index)).join('');
}

function gradient({ w, h }: Canvas, from: string, to: string): string {
  return `<defs><linearGradient id="bg" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>${rect(0, 0, w, h, 'url(#bg)')}`;
}

function planks({ w, random, unit }: Canvas, top: number, bottom: number, tone: string): string {
  const deep = unit * 13;
  return times((bottom - top) / deep, (row) => {
    const y = top + row * deep;
    const shade = mix(tone, random.pick(['#5a3413', '#e0b27a']), random.between(0.02, 0.2));
    const joint = random.between(0.1, 0.9) * w;
    const grain = times(5, () => {
      const gy = y + random.between(0.12, 0.9) * deep;
      return `<path d="M0 ${n(gy)}Q${n(w * 0.3)} ${n(gy + random.between(-2, 2) * unit)} ${n(w * 0.6)} ${n(gy)}T${n(w)} ${n(gy)}" fill="none" stroke="${darken(shade, 0.16)}" stroke-width="${n(unit * 0.25)}"/>`;
    });
    return (
      rect(0, y, w, deep + 1, shade) +
      grain +
      rect(0, y, w, unit * 0.5, darken(shade, 0.35)) +
      rect(joint, y, unit * 0.5, deep, darken(shade, 0.35))
    );
  });
}

function tiles(
  { w, random, unit }: Canvas,
  top: number,
  bottom: number,
  colour: string,
  side: number,
): string {
  return times((bottom - top) / side, (row) =>
    times(w / side + 1, (column) => {
      const x = (column - (row % 2) * 0.5) * side;
      return rect(
        x,
        top + row * side,
        side - unit * 0.6,
        Math.min(side, bottom - top - row * side) - unit * 0.6,
        mix(colour, '#7d9aa8', random.between(0, 0.16)),
      );
    }),
  );
}

/** A shelf with vague jars and packets. */
function shelfOf(canvas: Canvas, y: number, tall: number): string {
  const { w, random, unit } = canvas;
  let x = unit * random.between(0, 4);
  let goods = '';
  while (x < w) {
    const wide = unit * random.between(6, 13);
    const high = tall * random.between(0.4, 0.85);
    const colour = random.pick(['#c8553d', '#588b8b', '#f2c57c', '#7f9c96', '#93748a', '#d9ae94', '#5f7fa8']);
    goods +=
      rect(x, y - high, wide, high, colour, ` rx="${n(unit)}"`) +
      rect(x, y - high * 0.65, wide, high * 0.3, lighten(colour, 0.6));
    x += wide + unit * random.between(1, 4);
  }
  return goods + rect(0, y, w, unit * 3, '#8a5f38') + rect(0, y + unit * 3, w, unit * 1.2, '#5f3f24');
}

type Painter = (canvas: Canvas) => string;

const PAINTERS: Readonly<Record<Scene['background']['kind'], Painter>> = {
  plain: () => '',
  gradient: (canvas) => gradient(canvas, lighten(canvas.colour, 0.45), darken(canvas.colour, 0.22)),
  studio: ({ w, h, colour }) =>
    `<defs><radialGradient id="bg" cx="0.5" cy="0.42" r="0.85"><stop offset="0" stop-color="${lighten(colour, 0.55)}"/><stop offset="0.6" stop-color="${mix(colour, '#dfe2e6', 0.5)}"/><stop offset="1" stop-color="${mix(colour, '#a9adb3', 0.6)}"/></radialGradient></defs>${rect(0, 0, w, h, 'url(#bg)')}`,
  wood: (canvas) => planks(canvas, 0, canvas.h, '#b07a45'),
  marble: ({ w, h, random, unit }) =>
    rect(0, 0, w, h, '#f2f1ef') +
    times(11, () => {
      const x = random.between(-0.2, 1) * w;
      const y = random.between(-0.1, 1.1) * h;
      const step = () => n(random.between(0.1, 0.4) * w);
      return `<path d="M${n(x)} ${n(y)}q${step()} ${n(random.between(-20, 20) * unit)} ${step()} ${n(random.between(-30, 30) * unit)}t${step()} ${n(random.between(-25, 25) * unit)}" fill="none" stroke="#8f9297" stroke-opacity="${n(random.between(0.3, 0.7))}" stroke-width="${n(random.between(0.3, 1.6) * unit)}"/>`;
    }),
  kitchen: (canvas) => {
    const { w, h, random, unit } = canvas;
    return (
      tiles(canvas, 0, h * 0.66, '#e6ecec', unit * 11) +
      shelfOf(canvas, h * 0.2, h * 0.15) +
      rect(w * 0.72, h * 0.3, w * 0.2, h * 0.3, '#9fb7c4', ` rx="${n(unit)}"`) +
      rect(w * 0.74, h * 0.32, w * 0.16, h * 0.2, '#39434a') +
      times(4, (index) =>
        rect(
          w * (0.1 + index * 0.09),
          h * 0.3,
          unit * 1.4,
          h * random.between(0.1, 0.16),
          random.pick(['#6b6f75', '#a9713c']),
        ),
      ) +
      rect(0, h * 0.66, w, h * 0.06, '#d9cbb8') +
      rect(0, h * 0.72, w, h * 0.28, '#7a8f93') +
      times(3, (index) =>
        rect(w * (0.02 + index * 0.33), h * 0.75, w * 0.3, h * 0.23, '#8fa5a9', ` rx="${n(unit)}"`),
      )
    );
  },
  market: (canvas) => {
    const { w, h, random, unit } = canvas;
    const stripe = w / 10;
    return (
      rect(0, 0, w, h, '#d8c7a8') +
      times(10, (index) =>
        rect(index * stripe, 0, stripe, h * 0.17, index % 2 === 0 ? '#c8413c' : '#f6f0e4'),
      ) +
      times(3, (row) => {
        const y = h * (0.3 + row * 0.25);
        const pile = times(w / (unit * 6.5), (index) => {
          const colour = random.pick(['#d9412f', '#f08a24', '#7fae3a', '#f2cf3a', '#8a3f7a', '#4f8f3a']);
          return (
            circle(index * unit * 6.5 + unit * 3, y - unit * random.between(0, 3), unit * 4.2, colour) +
            circle(index * unit * 6.5, y + unit * 3, unit * 4.2, darken(colour, 0.12))
          );
        });
        return (
          pile +
          rect(0, y + unit * 4, w, h * 0.13, '#9c6d3c') +
          rect(0, y + unit * 9, w, unit * 1.2, '#6f4a26')
        );
      })
    );
  },
  outdoor: (canvas) => {
    const { w, h, random, unit } = canvas;
    return (
      gradient(canvas, '#8cc6ee', '#e4f3fb') +
      circle(w * random.between(0.15, 0.85), h * 0.16, unit * 8, '#fff0b0') +
      times(4, () => {
        const x = random.between(0, 1) * w;
        const y = h * random.between(0.08, 0.3);
        return (
          circle(x, y, unit * 5, '#ffffff', 0.9) +
          circle(x + unit * 6, y + unit, unit * 6, '#ffffff', 0.9) +
          circle(x + unit * 12, y + unit, unit * 4.5, '#ffffff', 0.9)
        );
      }) +
      `<ellipse cx="${n(w * 0.25)}" cy="${n(h * 0.78)}" rx="${n(w * 0.6)}" ry="${n(h * 0.26)}" fill="#8dbb62"/><ellipse cx="${n(w * 0.85)}" cy="${n(h * 0.8)}" rx="${n(w * 0.6)}" ry="${n(h * 0.24)}" fill="#78a94f"/>` +
      rect(0, h * 0.74, w, h * 0.26, '#69993f') +
      times(40, () => {
        const x = random.between(0, 1) * w;
        const y = h * random.between(0.76, 0.99);
        return `<path d="M${n(x)} ${n(y)}l${n(unit)} ${n(-unit * 3)}l${n(unit)} ${n(unit * 3)}z" fill="#4f7f2c"/>`;
      })
    );
  },
  shelf: (canvas) =>
    rect(0, 0, canvas.w, canvas.h, '#e9dcc6') +
    times(3, (row) => shelfOf(canvas, canvas.h * (0.3 + row * 0.32), canvas.h * 0.26)),
  room: (canvas) => {
    const { w, h, unit, colour } = canvas;
    return (
      rect(0, 0, w, h * 0.7, mix(colour, '#d9d3c4', 0.6)) +
      planks(canvas, h * 0.7, h, '#a8794c') +
      rect(w * 0.1, h * 0.1, w * 0.26, h * 0.34, '#ffffff') +
      rect(w * 0.12, h * 0.12, w * 0.22, h * 0.3, '#a9d3ea') +
      rect(w * 0.225, h * 0.1, unit, h * 0.34, '#ffffff') +
      rect(w * 0.62, h * 0.12, w * 0.22, h * 0.2, '#8a6a4a') +
      rect(w * 0.64, h * 0.14, w * 0.18, h * 0.16, '#d98f6a') +
      rect(0, h * 0.68, w, h * 0.025, '#f4efe4')
    );
  },
  tiles: (canvas) =>
    rect(0, 0, canvas.w, canvas.h, '#b9cdd4') + tiles(canvas, 0, canvas.h, '#dcebf0', canvas.unit * 14),
  gingham: ({ w, h, random, unit }) => {
    const colour = random.pick(['#d2434a', '#3f78b8', '#4b9a5a']);
    const side = unit * 9;
    return (
      rect(0, 0, w, h, '#fbf8f3') +
      times(w / side / 2 + 1, (index) => rect(index * 2 * side, 0, side, h, colour, ' fill-opacity="0.5"')) +
      times(h / side / 2 + 1, (index) => rect(0, index * 2 * side, w, side, colour, ' fill-opacity="0.5"'))
    );
  },
  pattern: ({ w, h, colour, unit }) => {
    const step = unit * 12;
    const dot = mix(colour, '#ffffff', 0.55);
    return times(h / step + 1, (row) =>
      times(w / step + 2, (column) =>
        circle((column + (row % 2) * 0.5) * step, (row + 0.3) * step, unit * 3.2, dot),
      ),
    );
  },
  confetti: ({ w, h, random, unit }) =>
    times(150, () => {
      const x = random.between(0, 1) * w;
      const y = random.between(0, 1) * h;
      const colour = random.pick(['#e63946', '#f1b33c', '#2a9d8f', '#457bd0', '#b45fc4', '#ffffff']);
      return rect(
        x,
        y,
        unit * random.between(1, 3),
        unit * random.between(0.8, 1.8),
        colour,
        ` transform="rotate(${n(random.between(0, 180))} ${n(x)} ${n(y)})"`,
      );
    }),
  bokeh: (canvas) => {
    const { w, h, random, unit, colour } = canvas;
    const deep = darken(colour, 0.5);
    return (
      gradient(canvas, deep, darken(deep, 0.3)) +
      times(38, () =>
        circle(
          random.between(0, 1) * w,
          random.between(0, 1) * h,
          unit * random.between(3, 11),
          random.pick(['#ffdf9e', '#ffb27a', '#ffffff', '#b9dcff']),
          random.between(0.15, 0.5),
        ),
      )
    );
  },
  checker: ({ w, h, unit }) => {
    const side = unit * 5;
    return times(h / side, (row) =>
      times(w / side, (column) =>
        (row + column) % 2 === 0 ? rect(column * side, row * side, side, side, '#d6d6d6') : '',
      ),
    );
  },
};
