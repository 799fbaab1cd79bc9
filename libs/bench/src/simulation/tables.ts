import { alignedTable, percent } from '../quality/report.ts';
import type { GainReport, GateReport } from './experiments.ts';

/** What the gate did, beside what it must do. */
export function gateTable(reports: Readonly<Record<string, GateReport>>): string {
  const header = ['the gate', 'cycles', 'approved', 'computed', 'good of these', 'computed'];
  const rows = Object.entries(reports).map(([name, report]) => [
    name,
    String(report.cycles),
    percent(report.approved),
    exact(report.approvedComputed),
    percent(report.good),
    exact(report.goodComputed),
  ]);
  return alignedTable([header, ...rows]);
}

/** What refinement gained. */
export function gainTable(reports: Readonly<Record<string, GainReport>>): string {
  const header = [
    'refinement',
    'cycles',
    'round 0',
    'refined',
    'control arm',
    'difference (points)',
    'images',
    'worse',
    'unjustified',
  ];
  const rows = Object.entries(reports).map(([name, report]) => {
    const { value, low, high } = report.gain;
    const points = (share: number) => (100 * share).toFixed(1);
    return [
      name,
      String(report.cycles),
      percent(report.atFirst),
      percent(report.approved),
      percent(report.control),
      `${points(value)} (${points(low)} to ${points(high)})`,
      `${report.images.cycle} / ${report.images.control}`,
      String(report.worseThanFirst),
      String(report.unjustified),
    ];
  });
  return alignedTable([header, ...rows]);
}

function exact(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
