import { visibleLength } from './text.ts';

/** Rows under headings, in columns as wide as their widest cell. Columns without any content are left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const used = headings.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const pick = (row: readonly string[]) => headings.flatMap((_, i) => (used[i] ? [row[i] ?? ''] : []));
  const all = [pick(headings), ...rows.map(pick)];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => visibleLength(row[column] ?? ''))),
  );
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
      .join('  ')
      .trimEnd(),
  );
}
