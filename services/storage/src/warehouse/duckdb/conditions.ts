import type { Reach } from '../../reach.ts';
import type { PageRequest, Period } from '../warehouse.ts';
import type { Parameter } from './session.ts';

/** The conditions of a query, with their parameters. Text of callers goes into parameters only. */
export class Conditions {
  readonly parameters: Parameter[];
  readonly #clauses: string[] = [];

  /** Begins with parameters that other parts of the same statement bound. */
  constructor(parameters: Parameter[] = []) {
    this.parameters = parameters;
  }

  /** Adds a condition; each `?` in it takes one of the values. */
  add(clause: string, ...values: readonly Parameter[]): this {
    const left = [...values];
    this.#clauses.push(clause.replaceAll('?', () => this.bind(left.shift() ?? null)));
    return this;
  }

  /** Adds a condition that a column has a value, unless that is empty. */
  equal(column: string, value: string): this {
    return value === '' ? this : this.add(`${column} = ?`, value);
  }

  /** Keeps to what the caller may see. Not every table has projects. */
  reach({ team, project }: Reach, projectColumn = 'project'): this {
    if (team !== undefined) this.add('team = ?', team);
    if (project !== undefined) this.add(`${projectColumn} = ?`, project);
    return this;
  }

  /** Keeps to what carries all of the labels. */
  labels(labels: Readonly<Record<string, string>>): this {
    return Object.keys(labels).length === 0
      ? this
      : this.add('json_contains(labels, ?::JSON)', JSON.stringify(labels));
  }

  /** Keeps to a period. */
  period(column: string, { start, end }: Period): this {
    if (start !== undefined) this.add(`${column} >= ?::TIMESTAMP`, timestamp(start));
    if (end !== undefined) this.add(`${column} < ?::TIMESTAMP`, timestamp(end));
    return this;
  }

  /** Goes on behind the last line of the page before, newest first or oldest first. */
  after(column: string, { after }: PageRequest, oldestFirst = false): this {
    if (after === undefined) return this;
    const [micros, id] = after;
    const compare = oldestFirst ? '>' : '<';
    return this.add(`(epoch_us(${column}), id) ${compare} (?::BIGINT, ?)`, micros, id);
  }

  /** The placeholder for a value. */
  bind(value: Parameter): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  /** The conditions as a clause; `true` where there are none. */
  toString(): string {
    return this.#clauses.length === 0 ? 'true' : this.#clauses.join(' AND ');
  }
}

/** A time in the form that the database reads, in UTC. */
export function timestamp(time: Date): string {
  return time.toISOString().slice(0, -1);
}
