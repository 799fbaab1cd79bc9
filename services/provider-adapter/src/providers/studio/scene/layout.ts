import { drawingOf } from '../draw/catalogue.ts';
import type { Random } from '../random.ts';
import type { Plan, PlannedGroup } from './plan.ts';
import type { Box, PlacedObject } from './scene.ts';

/** How far contents rise above the rim of what holds them, as a share of its width. */
export const HEAP = 0.34;
/** Space between neighbours, as a share of their mean width; enough for their shadows. */
const GAP = 0.17;
/** What share of its box the average drawing covers, for turning a share of the frame into a scale. */
const COVERED = 0.74;

type Item = Omit<PlacedObject, 'x' | 'y'>;

interface Row {
  items: Item[];
  width: number;
  height: number;
}

/** Turns groups into single objects with sizes relative to each other. */
export function itemsOf(groups: readonly PlannedGroup[]): Item[] {
  return groups.flatMap((group): Item[] => {
    const { noun, colours, accent } = group;
    if (group.container) {
      const unit = unitBox(group.container.noun);
      const heap = group.container.noun === 'plate' ? 0.16 : HEAP;
      return [
        {
          noun: group.container.noun,
          colour: group.container.colour,
          accent,
          turn: 0,
          width: unit.width,
          height: unit.height + unit.width * heap,
          holds: { noun, colours, accent, count: group.count },
        },
      ];
    }
    return Array.from({ length: group.count }, (_, index) => ({
      noun,
      colour: colours[index % colours.length] ?? '#888888',
      accent,
      turn: 0,
      ...unitBox(noun),
      ...(group.fill ? { fill: group.fill } : {}),
      ...(group.label ? { label: group.label } : {}),
    }));
  });
}

/** The box of a noun with an apple's side as 100; large things are drawn larger, but less so than in life. */
export function unitBox(noun: string): { width: number; height: number } {
  const { width, height, size } = drawingOf(noun);
  const scale = (100 * size ** 0.7) / Math.sqrt(width * height);
  return { width: width * scale, height: height * scale };
}

/** Places the subject's objects in rows inside `area`, apart from each other unless the plan is crowded. */
export function layOut(plan: Plan, frame: Box, area: Box, random: Random): PlacedObject[] {
  const items = itemsOf(plan.groups);
  if (items.length === 0) return [];
  const gap = (plan.crowded ? -0.3 : GAP) * (items.reduce((sum, item) => sum + item.width, 0) / items.length);
  const covered = items.reduce((sum, item) => sum + item.width * item.height * COVERED, 0);
  // Whether a share means the box around the subject or its pixels is left open by most briefs: meet in the middle.
  const wanted = ({ width, height }: Arrangement): number =>
    Math.sqrt(
      (plan.fill * frame.width * frame.height) / (width * height * Math.sqrt(covered / (width * height))),
    );
  const room = plan.cropped ? 1.1 : 0.93;
  const limit = ({ width, height }: Arrangement): number =>
    Math.min((area.width * room) / width, (area.height * room) / height);
  const arrangement = arrange(items, gap, (option) => limit(option) / wanted(option));
  const { rows, width, height } = arrangement;
  const scale = Math.min(wanted(arrangement), limit(arrangement));
  const block = { width: width * scale, height: height * scale };
  const origin = {
    x: place(area.x, area.width, plan.anchor[0], block.width, plan.cropped, random),
    y: place(area.y, area.height, plan.anchor[1], block.height, false, random),
  };
  return position(rows, origin, block, scale, gap, plan.crowded, random);
}

function place(
  start: number,
  length: number,
  share: number,
  size: number,
  cropped: boolean,
  random: Random,
): number {
  if (cropped)
    return random.next() < 0.5
      ? start - size * random.between(0.22, 0.4)
      : start + length - size * random.between(0.6, 0.78);
  const margin = length * 0.025;
  const free = start + length * share - size / 2;
  return Math.max(start + margin, Math.min(start + length - size - margin, free));
}

interface Arrangement {
  rows: Row[];
  width: number;
  height: number;
}

/** The fewest rows that come near the size wanted, or those that come nearest. `reach` is 1 where the size is reached. */
function arrange(items: readonly Item[], gap: number, reach: (option: Arrangement) => number): Arrangement {
  const options = Array.from({ length: Math.min(items.length, 6) }, (_, index): Arrangement => {
    const rows = split(items, index + 1, gap);
    return {
      rows,
      width: Math.max(...rows.map((row) => row.width)),
      height: rows.reduce((sum, row) => sum + row.height, 0) + gap * (rows.length - 1),
    };
  });
  const chosen =
    options.find((option) => reach(option) >= 0.8) ??
    options.sort((one, other) => reach(other) - reach(one))[0];
  if (!chosen) throw new RangeError('nothing to lay out');
  return chosen;
}

function split(items: readonly Item[], count: number, gap: number): Row[] {
  const rows: Row[] = [];
  for (let index = 0; index < count; index += 1) {
    const part = items.slice(
      Math.floor((index * items.length) / count),
      Math.floor(((index + 1) * items.length) / count),
    );
    rows.push({
      items: part,
      width: part.reduce((sum, item) => sum + item.width, 0) + gap * (part.length - 1),
      height: Math.max(...part.map((item) => item.height)),
    });
  }
  return rows;
}

/** Things in a row stand on one line. */
function position(
  rows: readonly Row[],
  origin: { x: number; y: number },
  block: { width: number },
  scale: number,
  gap: number,
  crowded: boolean,
  random: Random,
): PlacedObject[] {
  const placed: PlacedObject[] = [];
  let bottom = origin.y;
  for (const row of rows) {
    bottom += row.height * scale;
    let x = origin.x + (block.width - row.width * scale) / 2;
    for (const item of row.items) {
      const width = item.width * scale;
      const height = item.height * scale;
      placed.push({
        ...item,
        x,
        y: bottom - height,
        width,
        height,
        turn: crowded ? random.between(-14, 14) : 0,
      });
      x += width + gap * scale;
    }
    bottom += gap * scale;
  }
  return placed;
}

/** Strews things nobody asked for over the free parts of the frame. Where there is no room they are left out. */
export function strew(
  count: number,
  nouns: readonly string[],
  frame: Box,
  taken: readonly Box[],
  random: Random,
): PlacedObject[] {
  const strewn: PlacedObject[] = [];
  const short = Math.min(frame.width, frame.height);
  for (let tries = 0; strewn.length < count && tries < 60; tries += 1) {
    const noun = random.pick(nouns);
    const unit = unitBox(noun);
    const scale = (short * random.between(0.1, 0.2)) / Math.max(unit.width, unit.height);
    const width = unit.width * scale;
    const height = unit.height * scale;
    const box = {
      x: random.between(0, frame.width - width),
      y: random.between(0, frame.height - height),
      width,
      height,
    };
    if ([...taken, ...strewn].some((other) => meet(box, other, short * 0.02))) continue;
    strewn.push({
      ...box,
      noun,
      colour: random.pick(drawingOf(noun).colours),
      accent: '#c9823a',
      turn: random.between(-25, 25),
    });
  }
  return strewn;
}

function meet(one: Box, other: Box, margin: number): boolean {
  return (
    one.x < other.x + other.width + margin &&
    other.x < one.x + one.width + margin &&
    one.y < other.y + other.height + margin &&
    other.y < one.y + one.height + margin
  );
}
