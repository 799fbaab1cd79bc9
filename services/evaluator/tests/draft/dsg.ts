import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from '@jest/globals';

/** Where public data sets are: they are not part of the project. */
const FOLDER = resolve(
  process.env.ATELIER_PUBLIC_DATA ?? join(import.meta.dirname, '../../../../../shared/data'),
);
const FILE = 'dsg/dsg-1k-anns.csv';

/** A question of the set, which people have checked. */
export interface DsgQuestion {
  /** Number in its prompt, from 1. */
  readonly number: number;
  /** Numbers of its parents, without what is no number. */
  readonly parents: readonly number[];
  /** `entity`, `attribute`, `relation`, `global`, `other`, and what they are more closely. */
  readonly broad: string;
  readonly detailed: string;
  /** What it claims: `other - count (dogs, ==2)`. */
  readonly tuple: string;
  readonly text: string;
}

/** A prompt of the set with its questions. */
export interface DsgPrompt {
  readonly id: string;
  readonly text: string;
  readonly questions: readonly DsgQuestion[];
}

/** A suite over the Davidsonian Scene Graph set. It is skipped where that is not there, and the run says so at its end. */
export function describeWithDsg(name: string, suite: (prompts: readonly DsgPrompt[]) => void): void {
  const path = join(FOLDER, FILE);
  if (existsSync(path)) {
    describe(name, () => suite(readPrompts(readFileSync(path, 'utf8'))));
    return;
  }
  const list = process.env.ATELIER_TESTS_DATA_MISSING;
  if (list !== undefined) appendFileSync(list, `${FILE}\n`);
  describe.skip(`${name} (without ${FILE})`, () => suite([]));
}

function readPrompts(file: string): DsgPrompt[] {
  const [header = [], ...rows] = readCsv(file);
  const prompts = new Map<string, { id: string; text: string; questions: DsgQuestion[] }>();
  for (const row of rows) {
    const value = (name: string) => row[header.indexOf(name)] ?? '';
    const id = value('item_id');
    const prompt = prompts.get(id) ?? { id, text: value('text'), questions: [] };
    prompts.set(id, prompt);
    prompt.questions.push({
      number: Number(value('proposition_id')),
      parents: value('dependency')
        .split(',')
        .map((parent) => Number(parent.trim()))
        .filter((parent) => parent > 0),
      broad: value('category_broad'),
      detailed: value('category_detailed'),
      tuple: value('tuple'),
      text: value('question_natural_language'),
    });
  }
  return [...prompts.values()];
}

/** Rows of a file by RFC 4180: fields may be quoted, and quotation marks in them are doubled. */
function readCsv(file: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of file.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
