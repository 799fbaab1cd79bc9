import { toHex } from '../colour.ts';
import { rasterise } from '../draw/raster.ts';
import type { PromptReading } from '../parse/reading.ts';
import { composeScene } from '../scene/compose.ts';
import type { Plan } from '../scene/plan.ts';
import type { Scene } from '../scene/scene.ts';
import type { Rgba } from './segment.ts';
import { segment } from './segment.ts';

/**
 * Paints the white part of a mask anew: what the prompt names is composed to fit into the mask's box, on the ground
 * the prompt asks for or else the colour of the picture's own ground. A prompt that names nothing leaves only ground
 * there, which is how things are removed. Black pixels keep their exact values.
 */
export async function repaintMasked(
  before: Rgba,
  mask: Buffer,
  { reading, plan, scene }: { reading: PromptReading; plan: Plan; scene: Scene },
): Promise<Rgba> {
  const box = maskBox(mask, before.width, before.height);
  if (!box) return before;
  const named = reading.subjects.length > 0;
  const told = reading.background !== undefined || reading.backgroundColour !== undefined || plan.transparent;
  const part: Plan = {
    ...plan,
    groups: named ? plan.groups : [],
    clutter: named ? plan.clutter : 0,
    background: told ? plan.background : { kind: 'plain', colour: toHex(segment(before).ground) },
  };
  const inner = await rasterise(composeScene(part, box.width, box.height, scene.stream));
  const data = Buffer.from(before.data);
  for (let y = 0; y < box.height; y += 1) {
    for (let x = 0; x < box.width; x += 1) {
      const index = (box.y + y) * before.width + box.x + x;
      const share = (mask[index] ?? 0) / 255;
      if (share === 0) continue;
      const from = (y * box.width + x) * inner.channels;
      for (let channel = 0; channel < 4; channel += 1) {
        const was = before.data[index * 4 + channel] ?? 0;
        const now = channel < inner.channels ? (inner.data[from + channel] ?? 0) : 255;
        data[index * 4 + channel] = Math.round(was + (now - was) * share);
      }
    }
  }
  return { ...before, data };
}

function maskBox(
  mask: Buffer,
  width: number,
  height: number,
): { x: number; y: number; width: number; height: number } | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let index = 0; index < mask.length; index += 1) {
    if ((mask[index] ?? 0) < 128) continue;
    const x = index % width;
    const y = (index - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
