import { contrastRatio, luminance, mix } from '../colour.ts';
import { DRAWN_NOUNS } from '../draw/catalogue.ts';
import { LINE_HEIGHT, lineWidth } from '../draw/lettering.ts';
import { createRandom } from '../random.ts';
import { layOut, strew } from './layout.ts';
import type { Plan, PlannedText } from './plan.ts';
import type { Box, PlacedText, Scene } from './scene.ts';

/** The share of the frame's height that a line of text gets, by size. */
const LINE_SHARE = { small: 0.055, normal: 0.12, large: 0.17 } as const;
const INK = '#1d1d1f';
const PAPER = '#ffffff';

/** Gives every part of a plan its place in a frame of the given size. `stream` names the random stream. */
export function composeScene(plan: Plan, width: number, height: number, stream: string): Scene {
  const frame: Box = { x: 0, y: 0, width, height };
  const { texts, area } = placeTexts(plan, frame);
  const objects = layOut(plan, frame, area, createRandom(stream, 'layout'));
  const bands = texts.map(
    (text) => text.band ?? { x: 0, y: text.y - text.size, width, height: text.size * 2 },
  );
  const clutter = strew(
    plan.clutter,
    DRAWN_NOUNS,
    frame,
    [...objects, ...bands],
    createRandom(stream, 'clutter'),
  );
  const { background, transparent, lighting, shading, shadow, softness, contrast } = plan;
  return {
    width,
    height,
    background,
    transparent,
    lighting,
    shading,
    shadow,
    softness,
    contrast,
    objects,
    clutter,
    texts,
    stream,
  };
}

/** Texts take strips of the frame; what remains is for the subject. */
function placeTexts(plan: Plan, frame: Box): { texts: PlacedText[]; area: Box } {
  const area = { ...frame };
  const texts: PlacedText[] = [];
  const hasSubject = plan.groups.length > 0;
  for (const text of plan.texts) {
    const size = fontSize(text, frame, hasSubject);
    const block = size * LINE_HEIGHT * text.lines.length;
    const strip = block + frame.height * (text.size === 'small' ? 0.02 : 0.05);
    let y = frame.height / 2;
    if (text.place === 'top') {
      y = area.y + strip / 2;
      area.y += strip;
      area.height -= strip;
    } else if (text.place === 'bottom' || text.place === 'banner') {
      y = area.y + area.height - strip / 2;
      area.height -= strip;
    } else if (hasSubject) {
      // The text keeps the middle; the subject stands below it.
      const end = y + strip / 2;
      area.height = Math.max(frame.height * 0.2, area.y + area.height - end);
      area.y = end;
    }
    texts.push(dress(text, plan, frame, y, size, strip));
  }
  // Too many texts must not squeeze the subject out of the frame.
  area.height = Math.max(frame.height * 0.2, area.height);
  area.y = Math.min(area.y, frame.height - area.height);
  return { texts, area };
}

function fontSize(text: PlannedText, frame: Box, hasSubject: boolean): number {
  const widest = Math.max(...text.lines.map((line) => lineWidth(line, 1)), 0.1);
  const share = LINE_SHARE[text.size] * (hasSubject ? 1 : 1.2);
  const limit = (frame.height * (hasSubject ? 0.4 : 0.8)) / (text.lines.length * LINE_HEIGHT);
  return Math.min(share * frame.height, (frame.width * 0.9) / widest, limit);
}

/** Chooses letters that can be read on what is behind them, with a band where nothing plain is. */
function dress(
  text: PlannedText,
  plan: Plan,
  frame: Box,
  y: number,
  size: number,
  strip: number,
): PlacedText {
  const plain = plan.background.kind === 'plain' && !plan.transparent;
  const ground = plain ? plan.background.colour : '#808080';
  const base = { lines: text.lines, x: frame.width / 2, y, size };
  if (text.faint) return { ...base, colour: mix(ground, luminance(ground) > 0.4 ? INK : PAPER, 0.22) };
  const wanted = text.colour;
  const onGround = wanted ?? (luminance(ground) > 0.3 ? INK : PAPER);
  if (plain && text.place !== 'banner' && contrastRatio(onGround, ground) >= 3)
    return { ...base, colour: onGround };
  // Light paper under dark letters, unless the letters are to be light.
  const light = wanted !== undefined && luminance(wanted) > 0.3;
  const banner = text.place === 'banner' && wanted === undefined;
  const band = banner ? '#b3202c' : light ? INK : '#fffdf7';
  const colour = wanted ?? (banner ? PAPER : INK);
  return {
    ...base,
    colour,
    band: { x: 0, y: y - strip / 2, width: frame.width, height: strip, colour: band },
  };
}
