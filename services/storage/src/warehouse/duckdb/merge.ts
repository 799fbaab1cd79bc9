import type { Row } from '../rows.ts';
import type { Table } from '../tables.ts';
import type { Session } from './session.ts';

/**
 * Merges rows into a table by id. The rows travel as one JSON parameter. Of rows with the same id the one with the highest
 * revision is taken, or the first where the table has none, so that the source has no duplicates.
 */
export async function merge(session: Session, table: Table, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const numbered = rows.map((row, ordinal) => ({ ...row, ordinal }));
  await session.run(mergeStatement(table), [JSON.stringify(numbered)]);
}

function mergeStatement({ name, id, isRevised, columns }: Table): string {
  const names = Object.keys(columns);
  const types = JSON.stringify([{ ...columns, ordinal: 'BIGINT' }]);
  const order = isRevised ? 'revision DESC, ordinal' : 'ordinal';
  const update = names.map((column) => `${column} = s.${column}`).join(', ');
  return `
    MERGE INTO ${name} AS t
    USING (
      SELECT ${names.map((column) => `r.${column} AS ${column}`).join(', ')}
      FROM (SELECT unnest(from_json($1::JSON, '${types}')) AS r)
      QUALIFY row_number() OVER (
        PARTITION BY ${id.map((column) => `r.${column}`).join(', ')}
        ORDER BY ${order.replace('revision', 'r.revision').replace('ordinal', 'r.ordinal')}
      ) = 1
    ) AS s
    ON ${id.map((column) => `t.${column} = s.${column}`).join(' AND ')}
    ${isRevised ? `WHEN MATCHED AND s.revision > t.revision THEN UPDATE SET ${update}` : ''}
    WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((column) => `s.${column}`).join(', ')})`;
}
