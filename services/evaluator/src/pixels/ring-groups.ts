import type { Lab } from './colour-space.ts';

/** A stretch of the border along which the colour changes only slowly. Positions `start` to `end`, exclusive. */
export interface Run {
  start: number;
  end: number;
  first: Lab;
  last: Lab;
  sum: Lab;
}

/** Runs of one ground. */
export interface RingGroup {
  /** Share of the whole border, 0 to 1. */
  readonly share: number;
  /** How many of the four corners it holds. */
  readonly corners: number;
  /** Whether it is taken for background. */
  readonly background: boolean;
  /** Mean colour, OKLab times 100. */
  readonly mean: Lab;
}

/** A run shorter than this share of the border founds no group: it is texture. */
const shortestRun = 0.03;

function distance(x: Lab, y: Lab): number {
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function meanOf(run: Run): Lab {
  const count = run.end - run.start;
  return [run.sum[0] / count, run.sum[1] / count, run.sum[2] / count];
}

/** Union by smallest index over the long runs. */
function joinLongRuns(runs: readonly Run[], jump: number): number[] {
  const owner = runs.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (owner[at] !== at) at = owner[at] as number;
    return at;
  };
  const join = (i: number, j: number) => {
    const [low, high] = [find(i), find(j)].sort((x, y) => x - y) as [number, number];
    owner[high] = low;
  };
  const means = runs.map(meanOf);
  for (let i = 0; i < runs.length; i++) {
    for (let j = i + 1; j < runs.length; j++) {
      if (distance(means[i] as Lab, means[j] as Lab) < 1.5 * jump) join(i, j);
    }
    // A gradient that a subject interrupts goes on behind it with about the colour it left off with.
    for (const step of [1, 2]) {
      const next = (i + step) % runs.length;
      if (next === i) continue;
      if (distance((runs[i] as Run).last, (runs[next] as Run).first) < jump) join(i, next);
    }
  }
  return runs.map((_, i) => find(i));
}

/** Joins runs into groups and says how plain the border is. See `Ring`. */
export function groupRuns(
  runs: readonly Run[],
  length: number,
  corners: readonly number[],
  jump: number,
): { group: Int16Array; groups: RingGroup[]; plainness: number; explained: number } {
  const long = runs.filter((run) => run.end - run.start >= shortestRun * length);
  const owners = joinLongRuns(long, jump);
  const ids = [...new Set(owners)];
  const group = new Int16Array(length).fill(-1);
  const groups: RingGroup[] = ids.map((id, index) => {
    const members = long.filter((_, i) => owners[i] === id);
    const size = members.reduce((sum, run) => sum + run.end - run.start, 0);
    const held = corners.filter((at) => members.some((run) => at >= run.start && at < run.end)).length;
    for (const run of members) group.fill(index, run.start, run.end);
    const share = size / length;
    const sum = members.reduce<Lab>(
      (total, run) => [total[0] + run.sum[0], total[1] + run.sum[1], total[2] + run.sum[2]],
      [0, 0, 0],
    );
    return {
      share,
      corners: held,
      background: share >= 0.35 || (held > 0 && share >= 0.08),
      mean: [sum[0] / size, sum[1] / size, sum[2] / size],
    };
  });
  const main = Math.max(0, ...groups.filter((g) => g.background).map((g) => g.share));
  // Stretches without a corner where something runs out of the frame; many of them are a pattern.
  const cropped = groups.filter((g) => !g.background && g.corners === 0);
  const excluded = cropped.length <= 3 ? cropped.reduce((sum, g) => sum + g.share, 0) : 0;
  const all = groups.filter((g) => g.background).reduce((sum, g) => sum + g.share, 0);
  const counted = Math.max(0.5, 1 - excluded);
  return { group, groups, plainness: Math.min(1, main / counted), explained: Math.min(1, all / counted) };
}
