import sharp from 'sharp';
import { luminance, toHex } from '../colour.ts';
import { drawText } from '../draw/picture.ts';
import type { Pixels } from '../draw/raster.ts';
import { rasterise } from '../draw/raster.ts';
import type { PromptReading } from '../parse/reading.ts';
import type { Plan } from '../scene/plan.ts';
import type { Box, PlacedText, Scene } from '../scene/scene.ts';
import { recolour, relight } from './adjust.ts';
import { layOver, liftOut, reframe, subjectParts } from './cutout.ts';
import { decode, decodeMask } from './decode.ts';
import { repaintMasked } from './inpaint.ts';
import type { Rgba } from './segment.ts';
import { segment } from './segment.ts';

/** Below this strength nothing changes; from `ANEW` on the picture is made anew. */
const NOTHING = 0.03;
const ANEW = 0.85;
/** At this strength a change of ground, light or colour is complete; below it is blended in. */
const COMPLETE = 0.35;
/** Moving, scaling and tidying cannot be done by halves: they need at least this strength. */
const MOVES = 0.25;

/** The picture to change, and how far to go. */
export interface EditInputs {
  image: Buffer;
  strength: number;
  mask?: Buffer;
}

/**
 * Changes in a given picture what the prompt speaks of and keeps the rest: the ground, the place and size of the
 * subject, its colour, the light, clutter, and texts. What it decided about each comes from the same plan as a new
 * picture would, mistakes included. A picture whose ground cannot be told from its subject is only relit and lettered,
 * or made anew when the strength allows it.
 */
export async function editImage(
  understood: { reading: PromptReading; plan: Plan; scene: Scene },
  inputs: EditInputs,
  signal?: AbortSignal,
): Promise<Pixels> {
  const { scene } = understood;
  const before = await decode(inputs.image, scene.width, scene.height);
  signal?.throwIfAborted();
  if (inputs.mask) {
    const mask = await decodeMask(inputs.mask, scene.width, scene.height);
    return finish(await repaintMasked(before, mask, understood), scene.transparent);
  }
  if (inputs.strength >= ANEW) return rasterise(scene);
  if (inputs.strength < NOTHING) return finish(before, hasAlpha(before));
  const edited = await change(before, understood, inputs.strength, signal);
  return edited ? finish(edited, scene.transparent || hasAlpha(edited)) : rasterise(scene);
}

async function change(
  before: Rgba,
  { reading, plan, scene }: { reading: PromptReading; plan: Plan; scene: Scene },
  strength: number,
  signal: AbortSignal | undefined,
): Promise<Rgba | undefined> {
  const weight = Math.min(1, strength / COMPLETE);
  const newGround =
    reading.background !== undefined ||
    reading.backgroundColour !== undefined ||
    scene.transparent ||
    reading.avoid.has('busy-background');
  const moves =
    strength >= MOVES &&
    (reading.position !== undefined || reading.fill !== undefined || reading.avoid.has('off-centre'));
  const tidies = strength >= MOVES && (reading.avoid.has('clutter') || reading.total !== undefined);
  const colour =
    reading.subjectColour?.value ?? reading.subjects.find(({ colours }) => colours)?.colours?.value[0];
  const parted = segment(before);
  signal?.throwIfAborted();
  let image = before;
  if (newGround || moves || tidies || colour) {
    const usable = parted.reliable && parted.parts.length > 0;
    if (!usable && strength >= 0.5) return undefined;
    const parts = tidies ? subjectParts(parted.parts, reading, plan) : parted.parts;
    const cutout = usable ? await liftOut(before, parted, parts) : undefined;
    if (cutout) {
      if (colour) {
        // Letters and specks keep their colour.
        const large = new Set(
          parts.filter(({ area }) => area >= (parts[0]?.area ?? 0) * 0.2).map(({ label }) => label),
        );
        recolour(cutout.image, plan.groups[0]?.colours[0] ?? colour, weight, (index) =>
          large.has(parted.labels[index] ?? 0),
        );
      }
      if (reading.lighting) relight(cutout.image, plan.lighting, weight);
      const ground = newGround
        ? await blendGround(before, parted.ground, scene, weight)
        : evenGround(before, parted.ground);
      // Without a reason to touch the ground, its own pixels stay.
      const base = newGround || moves || tidies ? ground : before;
      layOver(base, moves ? await reframe(cutout, plan, freeArea(scene)) : cutout.image);
      image = base;
    }
  } else if (reading.lighting) {
    relight(image, plan.lighting, weight);
  }
  if (scene.texts.length > 0)
    image = await letter(image, scene.texts, toHex(parted.ground), newGround ? plan : undefined);
  return reading.focus?.value === 'sharp' && plan.softness === 0 ? sharpen(image) : image;
}

/** The frame without the strips that texts take. */
function freeArea(scene: Scene): Box {
  const area = { x: 0, y: 0, width: scene.width, height: scene.height };
  for (const text of scene.texts) {
    const reach = text.size * 0.85 * text.lines.length;
    if (text.y < scene.height / 3) {
      area.height -= text.y + reach - area.y;
      area.y = text.y + reach;
    } else if (text.y > (scene.height * 2) / 3) area.height = text.y - reach - area.y;
  }
  return area;
}

function evenGround(like: Rgba, [red, green, blue]: readonly [number, number, number]): Rgba {
  const data = Buffer.alloc(like.data.length);
  for (let index = 0; index < data.length; index += 4) {
    data[index] = red;
    data[index + 1] = green;
    data[index + 2] = blue;
    data[index + 3] = 255;
  }
  return { ...like, data };
}

/** The new ground, blended with the old ground's colour when the strength is low. */
async function blendGround(
  before: Rgba,
  old: readonly [number, number, number],
  scene: Scene,
  weight: number,
): Promise<Rgba> {
  const bare = await rasterise({ ...scene, objects: [], clutter: [], texts: [], softness: 0, contrast: 1 });
  const ground = evenGround(before, old);
  for (let index = 0; index < before.width * before.height; index += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const was = ground.data[index * 4 + channel] ?? 0;
      const now = bare.data[index * bare.channels + channel] ?? 0;
      ground.data[index * 4 + channel] = Math.round(was + (now - was) * weight);
    }
    if (scene.transparent) ground.data[index * 4 + 3] = Math.round(255 * (1 - weight));
  }
  return ground;
}

/** Writes the texts over a strip of the ground's colour, which also covers what was written there before. */
async function letter(
  image: Rgba,
  texts: readonly PlacedText[],
  old: string,
  plan: Plan | undefined,
): Promise<Rgba> {
  const ground = plan && plan.background.kind === 'plain' && !plan.transparent ? plan.background.colour : old;
  const { width, height } = image;
  const drawn = texts.map((text) => {
    const tall = text.size * 1.3 * text.lines.length;
    const band = text.band ?? { x: 0, y: text.y - tall / 2, width, height: tall, colour: ground };
    const colour =
      text.band || Math.abs(luminance(text.colour) - luminance(ground)) > 0.15
        ? text.colour
        : luminance(ground) > 0.3
          ? '#1d1d1f'
          : '#ffffff';
    return drawText({ ...text, colour, band });
  });
  const overlay = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`,
  );
  const data = await sharp(image.data, { raw: { width, height, channels: 4 } })
    .composite([{ input: overlay }])
    .raw()
    .toBuffer();
  return { data, width, height };
}

async function sharpen(image: Rgba): Promise<Rgba> {
  const { width, height } = image;
  return {
    width,
    height,
    data: await sharp(image.data, { raw: { width, height, channels: 4 } })
      .sharpen({ sigma: 1.2 })
      .raw()
      .toBuffer(),
  };
}

function hasAlpha(image: Rgba): boolean {
  for (let index = 3; index < image.data.length; index += 4)
    if ((image.data[index] ?? 255) < 250) return true;
  return false;
}

async function finish(image: Rgba, alpha: boolean): Promise<Pixels> {
  const { data, width, height } = image;
  if (alpha) return { data, width, height, channels: 4 };
  const opaque = await sharp(data, { raw: { width, height, channels: 4 } })
    .flatten({ background: '#ffffff' })
    .raw()
    .toBuffer();
  return { data: opaque, width, height, channels: 3 };
}
