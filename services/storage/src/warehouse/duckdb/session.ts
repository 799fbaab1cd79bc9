import type { DuckDBValue } from '@duckdb/node-api';

/** A value for a placeholder. Times are text, cast in the statement. */
export type Parameter = string | number | bigint | boolean | null;

/** A line of an answer. Integers of 64 bits and more are bigint. */
export type Line = Readonly<Record<string, DuckDBValue>>;

/** Runs statements on one connection. */
export interface Session {
  run(sql: string, parameters?: readonly Parameter[]): Promise<void>;
  read(sql: string, parameters?: readonly Parameter[]): Promise<readonly Line[]>;
}
