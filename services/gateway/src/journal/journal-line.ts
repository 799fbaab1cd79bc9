import type { JsonValue } from '@bufbuild/protobuf';
import { decode, encode } from './codec.ts';
import { JOURNAL_SCHEMA, type JournalEntry } from './journal-entry.ts';

/** One line of a journal file: an entry, or without one the mark of a claim. */
interface Line {
  readonly v: number;
  readonly epoch: number;
  readonly entry?: JsonValue;
}

/** A line, with its newline, of an entry under an epoch; without an entry, of a claim. */
export function formatLine(epoch: number, entry?: JournalEntry): string {
  const line: Line = {
    v: JOURNAL_SCHEMA,
    epoch,
    ...(entry !== undefined && { entry: encode(entry) }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** What a journal file says. */
export interface ParsedJournal {
  readonly epoch: number;
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last whole line. What follows was torn by a crash, and was never acknowledged. */
  readonly wholeBytes: number;
}

/** Reads a journal file. Throws where a line before the last is broken, or is of a schema that is not known. */
export function parseJournal(bytes: Buffer): ParsedJournal {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes
    .subarray(0, wholeBytes)
    .toString('utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line);
  for (const { v } of lines) {
    if (v > JOURNAL_SCHEMA)
      throw new Error(`the journal has schema ${v}, this version reads up to ${JOURNAL_SCHEMA}`);
  }
  return {
    epoch: Math.max(0, ...lines.map(({ epoch }) => epoch)),
    entries: lines.flatMap(({ entry }) => (entry === undefined ? [] : [decode(entry) as JournalEntry])),
    wholeBytes,
  };
}
