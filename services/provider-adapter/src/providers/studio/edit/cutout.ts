import sharp from 'sharp';
import type { PromptReading } from '../parse/reading.ts';
import type { Plan } from '../scene/plan.ts';
import type { Box } from '../scene/scene.ts';
import { around, type Rgba, type Segmentation } from './segment.ts';

/** A subject lifted off its ground. */
export interface Cutout {
  image: Rgba;
  box: Box;
}

/** Chooses which things are the subject: as many of the largest as were asked for, else all that are not much smaller. */
export function subjectParts(
  parts: Segmentation['parts'],
  reading: PromptReading,
  plan: Plan,
): Segmentation['parts'] {
  const largest = parts[0]?.area ?? 0;
  const tidy = plan.clutter === 0 && reading.avoid.has('clutter');
  const counted = reading.subjects.length > 0 && reading.subjects.every(({ count }) => count?.clear);
  const named = counted ? reading.subjects.reduce((sum, { count }) => sum + (count?.value ?? 0), 0) : 0;
  const asked = reading.total?.value ?? named;
  if (asked > 0 && (tidy || reading.total)) return parts.slice(0, asked);
  return tidy ? parts.filter(({ area }) => area >= largest * 0.3) : [...parts];
}

/** Lifts the chosen things out, with edges softened by a pixel so that they sit well on another ground. */
export async function liftOut(
  image: Rgba,
  segmentation: Segmentation,
  parts: Segmentation['parts'],
): Promise<Cutout | undefined> {
  if (parts.length === 0) return undefined;
  const { width, height } = image;
  const chosen = new Set(parts.map(({ label }) => label));
  const alpha = Buffer.alloc(width * height);
  for (let index = 0; index < alpha.length; index += 1) {
    alpha[index] = chosen.has(segmentation.labels[index] ?? 0) ? (image.data[index * 4 + 3] ?? 255) : 0;
  }
  const soft = await sharp(alpha, { raw: { width, height, channels: 1 } })
    .blur(0.7)
    .extractChannel(0)
    .raw()
    .toBuffer();
  const data = Buffer.from(image.data);
  for (let index = 0; index < soft.length; index += 1)
    data[index * 4 + 3] = Math.min(soft[index] ?? 0, alpha[index] === 0 ? 90 : 255);
  return { image: { data, width, height }, box: around(parts.map(({ box }) => box)) };
}

/** Moves and scales a cutout so that its box takes `fill` of the frame with its middle at `anchor`, wholly inside `area`. */
export async function reframe(cutout: Cutout, plan: Plan, area: Box): Promise<Rgba> {
  const { image, box } = cutout;
  const { width, height } = image;
  const wanted = Math.sqrt((plan.fill * width * height) / (box.width * box.height * 0.86));
  const scale = Math.min(wanted, (area.width * 0.93) / box.width, (area.height * 0.93) / box.height);
  const w = Math.max(1, Math.round(box.width * scale));
  const h = Math.max(1, Math.round(box.height * scale));
  const subject = await sharp(image.data, { raw: { width, height, channels: 4 } })
    .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
    .resize(w, h, { fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const inside = (start: number, length: number, share: number, size: number) =>
    Math.round(Math.max(start, Math.min(start + length - size, start + length * share - size / 2)));
  const data = await sharp({
    create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .composite([
      {
        input: subject,
        left: inside(area.x, area.width, plan.anchor[0], w),
        top: inside(area.y, area.height, plan.anchor[1], h),
      },
    ])
    .raw()
    .toBuffer();
  return { data, width, height };
}

/** Lays one picture over another by its alpha, in place on the lower one. */
export function layOver(lower: Rgba, upper: Rgba): void {
  for (let index = 0; index < lower.data.length; index += 4) {
    const over = (upper.data[index + 3] ?? 0) / 255;
    if (over === 0) continue;
    const under = ((lower.data[index + 3] ?? 0) / 255) * (1 - over);
    const total = over + under;
    for (let channel = 0; channel < 3; channel += 1) {
      const value =
        ((upper.data[index + channel] ?? 0) * over + (lower.data[index + channel] ?? 0) * under) / total;
      lower.data[index + channel] = Math.round(value);
    }
    lower.data[index + 3] = Math.round(total * 255);
  }
}
