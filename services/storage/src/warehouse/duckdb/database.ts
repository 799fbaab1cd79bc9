import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WarehouseUnavailable } from '../warehouse.ts';
import { migrate } from './migrate.ts';
import type { Session } from './session.ts';

/** The index must leave memory to the rest of the process; larger work goes through temporary files. */
const MEMORY_LIMIT = '512MB';
const THREADS = '2';

/**
 * The database file. It is opened at first use, and again after it could not be, so that storage runs without it. DuckDB
 * locks its file: one process at a time.
 */
export class Database {
  readonly #path: string;
  #opening: Promise<DuckDBInstance> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Works with a connection of its own. Failures of the database become `WarehouseUnavailable`. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await work(sessionOf(connection));
    } finally {
      connection.closeSync();
    }
  }

  /** Works in a transaction, which is kept if the work succeeds and undone if it fails. */
  async transact<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.use(async (session) => {
      await session.run('BEGIN TRANSACTION');
      try {
        const result = await work(session);
        await session.run('COMMIT');
        return result;
      } catch (error) {
        // Where this fails too, the transaction goes with its connection.
        await session.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    const instance = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    instance?.closeSync();
  }

  async #connect(): Promise<DuckDBConnection> {
    this.#opening ??= this.#open();
    try {
      return await (await this.#opening).connect();
    } catch (error) {
      this.#opening = undefined;
      throw unavailable(error);
    }
  }

  async #open(): Promise<DuckDBInstance> {
    await mkdir(dirname(this.#path), { recursive: true });
    const instance = await DuckDBInstance.create(this.#path, {
      memory_limit: MEMORY_LIMIT,
      threads: THREADS,
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await migrate(sessionOf(connection));
    connection.closeSync();
    return instance;
  }
}

function sessionOf(connection: DuckDBConnection): Session {
  return {
    async run(sql, parameters = []) {
      await connection
        .run(sql, [...parameters])
        .catch((error: unknown) => Promise.reject(unavailable(error)));
    },
    async read(sql, parameters = []) {
      try {
        const reader = await connection.runAndReadAll(sql, [...parameters]);
        return reader.getRowObjects();
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

function unavailable(error: unknown): WarehouseUnavailable {
  return error instanceof WarehouseUnavailable
    ? error
    : new WarehouseUnavailable('the database failed', { cause: error });
}
