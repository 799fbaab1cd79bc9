import type { Trial } from './trial.ts';

/** A share with its 95 % interval by Wilson's method, which stays within 0 and 1 for small samples. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

/** What the trials of one project come to. */
export interface ProjectReport {
  readonly project: string;
  readonly trials: number;
  readonly approvedAtFirst: Share;
  readonly approved: Share;
  readonly control: Share;
  readonly rounds: number;
  readonly images: number;
  /** How often each required question kept an image from being approved. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Quantile of the normal distribution for 95 %. */
const Z = 1.959964;

/**
 * A share with its interval at `z` standard errors, 95 % where nothing is said. Wilson, E. B. (1927): Probable inference,
 * the law of succession, and statistical inference.
 */
export function share(count: number, of: number, z = Z): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const p = count / of;
  const centre = p + z ** 2 / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return { count, of, low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** Adds the trials of one project up. */
export function reportOf(project: string, trials: readonly Trial[]): ProjectReport {
  const count = (holds: (trial: Trial) => boolean) => share(trials.filter(holds).length, trials.length);
  const failures: Record<string, number> = {};
  for (const id of trials.flatMap(({ approved, failed }) => (approved ? [] : failed))) {
    failures[id] = (failures[id] ?? 0) + 1;
  }
  return {
    project,
    trials: trials.length,
    approvedAtFirst: count((trial) => trial.approvedAtFirst),
    approved: count((trial) => trial.approved),
    control: count((trial) => trial.control),
    rounds: trials.reduce((sum, { rounds }) => sum + rounds, 0),
    images: trials.reduce((sum, { images }) => sum + images, 0),
    failures,
  };
}

/** The reports as a table for people. */
export function table(reports: readonly ProjectReport[]): string {
  const header = [
    'project',
    'briefs',
    'round 0',
    'at the end',
    'control arm',
    'rounds',
    'images',
    'what still fails',
  ];
  const rows = reports.map((report) => [
    report.project,
    String(report.trials),
    percent(report.approvedAtFirst),
    percent(report.approved),
    percent(report.control),
    String(report.rounds),
    String(report.images),
    Object.entries(report.failures)
      .sort(([, a], [, b]) => b - a)
      .map(([id, times]) => `${id} ${times}`)
      .join(', '),
  ]);
  return alignedTable([header, ...rows]);
}

/** Rows as text in columns, the first of them as a header. */
export function alignedTable([header = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)]
    .map((text) => text.trimEnd())
    .join('\n');
}

/** A share in whole percent, with its interval. */
export function percent({ count, of, low, high }: Share): string {
  const whole = (value: number) => Math.round(100 * value);
  return `${whole(of === 0 ? 0 : count / of)} % (${whole(low)}-${whole(high)})`;
}
