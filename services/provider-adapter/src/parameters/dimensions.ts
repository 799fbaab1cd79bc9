import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { parseRatio, parseSize, type Size } from './vocabulary.ts';

/** Pixels of a square picture of each named resolution, by side. */
const SIDES: Readonly<Record<string, number>> = { '512': 512, '1k': 1024, '2k': 2048, '4k': 4096 };

/** How far a ratio may be off and still count as the one that was asked: a tenth of what the eye sees. */
const RATIO_TOLERANCE = 0.005;

/** How far an area may be off and still count as of the asked resolution. */
const AREA_TOLERANCE = 0.25;

/** The largest side that any model here takes, where its entry names none. */
const MAX_SIDE = 16_384;

/** Pixels of a named resolution; undefined for a name that is none. */
export function resolutionArea(resolution: string): number | undefined {
  const side = SIDES[resolution];
  return side === undefined ? undefined : side * side;
}

/** The named resolution that is nearest to a size, by area. */
export function resolutionOf({ width, height }: Size): string {
  const side = Math.log2(Math.sqrt(width * height));
  return Object.entries(SIDES).reduce(
    (best, [name, pixels]) =>
      Math.abs(Math.log2(pixels) - side) < Math.abs(Math.log2(SIDES[best] ?? 1) - side) ? name : best,
    '512',
  );
}

/**
 * The largest area of a picture that is asked for by a named resolution, or by nothing at all: a resolution bounds it, and so
 * do the sizes that a model takes. Undefined where neither is known.
 */
export function largestArea(
  sizes: FieldCapability | undefined,
  resolution: string | undefined,
): number | undefined {
  const named = resolution === undefined ? undefined : resolutionArea(resolution);
  const bounds = [
    named === undefined ? undefined : named * (1 + AREA_TOLERANCE),
    sizes?.maxArea === undefined ? undefined : Number(sizes.maxArea),
    sizes?.max === undefined ? undefined : sizes.max * sizes.max,
    sizes === undefined || sizes.values.length === 0
      ? undefined
      : Math.max(...listed(sizes).map(({ width, height }) => width * height)),
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}

/** Whether two ratios of sides are the same but for rounding to whole pixels. */
export function isSameRatio(a: number, b: number, tolerance = RATIO_TOLERANCE): boolean {
  return Math.abs(a / b - 1) <= tolerance;
}

/** Whether an area counts as of another's resolution. */
export function isSameArea(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= AREA_TOLERANCE;
}

/** Of several spelled ratios the one nearest to a ratio, by the factor between them. */
export function nearestRatio(ratio: number, spelled: readonly string[]): string | undefined {
  return spelled.reduce<string | undefined>((best, item) => {
    if (best === undefined) return item;
    const off = (text: string) => Math.abs(Math.log((parseRatio(text) ?? 1) / ratio));
    return off(item) < off(best) ? item : best;
  }, undefined);
}

/** Whether a size keeps all rules of a capability. */
export function isAllowed(size: Size, capability: FieldCapability): boolean {
  if (capability.values.length > 0) return capability.values.includes(`${size.width}x${size.height}`);
  const { width, height } = size;
  const { min = 1, max = MAX_SIDE, step = 1, maxRatio } = capability;
  const [short, long] = width < height ? [width, height] : [height, width];
  const area = width * height;
  return (
    short >= min &&
    long <= max &&
    width % step === 0 &&
    height % step === 0 &&
    (capability.minArea === undefined || area >= Number(capability.minArea)) &&
    (capability.maxArea === undefined || area <= Number(capability.maxArea)) &&
    (maxRatio === undefined || long / short <= maxRatio)
  );
}

/**
 * The allowed size that comes nearest to a shape: first the ratio of the sides, then the area. Undefined where the rules
 * leave no size at all.
 */
export function fitShape(ratio: number, area: number, capability: FieldCapability): Size | undefined {
  const candidates = capability.values.length > 0 ? listed(capability) : grid(ratio, area, capability);
  let best: { size: Size; cost: number } | undefined;
  for (const size of candidates) {
    const cost = shapeCost(size, ratio, area);
    if (best === undefined || cost < best.cost) best = { size, cost };
  }
  return best?.size;
}

/** The allowed size that comes nearest to a size; the size itself where it is allowed. */
export function fitSize(size: Size, capability: FieldCapability): Size | undefined {
  if (isAllowed(size, capability)) return size;
  return fitShape(size.width / size.height, size.width * size.height, capability);
}

/**
 * How far a size is from a shape. A ratio that is off by more than the tolerance weighs ten times as much as an area,
 * since what is lost of the picture at its edges is lost, whereas pixels can be resampled.
 */
function shapeCost(size: Size, ratio: number, area: number): number {
  const ratioOff = Math.abs(Math.log(size.width / size.height / ratio));
  const areaOff = Math.abs(Math.log((size.width * size.height) / area));
  return (ratioOff <= RATIO_TOLERANCE ? ratioOff : ratioOff * 10) + areaOff;
}

function listed(capability: FieldCapability): Size[] {
  return capability.values.map(parseSize).filter((size) => size !== undefined);
}

/** Allowed sizes around a shape: for each width on the grid, the heights on either side of the exact one. */
function* grid(ratio: number, area: number, capability: FieldCapability): Generator<Size> {
  const step = capability.step ?? 1;
  const { min = 16, max = MAX_SIDE } = capability;
  const low = Math.ceil(min / step) * step;
  const high = Math.floor(max / step) * step;
  // Beyond 400 steps from the ideal, no width can be the best any more; it bounds the work where the step is 1 pixel.
  const ideal = Math.round(Math.sqrt(boundedArea(area, capability) * ratio) / step) * step;
  const centre = Math.min(high, Math.max(low, ideal));
  for (
    let width = Math.max(low, centre - 400 * step);
    width <= Math.min(high, centre + 400 * step);
    width += step
  ) {
    const exact = width / ratio / step;
    for (const height of new Set([Math.floor(exact), Math.ceil(exact), low / step, high / step])) {
      const size = { width, height: height * step };
      if (size.height > 0 && isAllowed(size, capability)) yield size;
    }
  }
}

function boundedArea(area: number, { minArea, maxArea }: FieldCapability): number {
  const low = minArea === undefined ? 0 : Number(minArea);
  const high = maxArea === undefined ? Number.POSITIVE_INFINITY : Number(maxArea);
  return Math.min(high, Math.max(low, area));
}

/** What a size capability takes, in words for a refusal. */
export function sizeRules(capability: FieldCapability): string {
  if (capability.values.length > 0) return `one of ${capability.values.join(', ')}`;
  const { min, max, step, minArea, maxArea, maxRatio } = capability;
  const rules = [
    min !== undefined && max !== undefined && `sides of ${min} to ${max} pixels`,
    min !== undefined && max === undefined && `sides of at least ${min} pixels`,
    min === undefined && max !== undefined && `sides of at most ${max} pixels`,
    step !== undefined && step !== 1 && `multiples of ${step}`,
    minArea !== undefined && `at least ${minArea} pixels in all`,
    maxArea !== undefined && `at most ${maxArea} pixels in all`,
    maxRatio !== undefined && `sides at most ${maxRatio}:1`,
  ];
  return rules.filter((rule) => rule !== false).join(', ');
}
