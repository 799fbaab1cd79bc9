import { readdir, readFile } from 'node:fs/promises';
import type { Session } from './session.ts';

const DIRECTORY = new URL('./migrations/', import.meta.url);

/** Brings the tables up to date: runs the numbered migrations that this file has not seen, in order, each whole. */
export async function migrate(session: Session): Promise<void> {
  await session.run(
    'CREATE TABLE IF NOT EXISTS migrations (name VARCHAR PRIMARY KEY, applied_time TIMESTAMP NOT NULL)',
  );
  const applied = new Set(
    (await session.read('SELECT name FROM migrations')).map(({ name }) => String(name)),
  );
  const files = (await readdir(DIRECTORY)).filter((name) => name.endsWith('.sql')).sort();
  for (const name of files.filter((file) => !applied.has(file))) {
    const sql = await readFile(new URL(name, DIRECTORY), 'utf8');
    const record = `INSERT INTO migrations VALUES ('${name}', current_timestamp::TIMESTAMP)`;
    await session.run(`BEGIN TRANSACTION;\n${sql};\n${record};\nCOMMIT`);
  }
}
