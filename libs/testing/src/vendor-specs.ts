import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from '@jest/globals';

/** Where the vendors' published specifications are: they are not part of the project. */
const FOLDER = resolve(
  process.env.ATELIER_VENDOR_SPECS ?? join(import.meta.dirname, '../../../../shared/specs'),
);

/** A vendor's specification by file name; undefined where it is not at hand. */
function vendorSpec<T = unknown>(file: string): T | undefined {
  const path = join(FOLDER, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/** A suite that needs a specification. It is skipped where the file is not there, and the run says so at its end. */
export function describeWithSpec<T>(file: string, name: string, suite: (spec: T) => void): void {
  const spec = vendorSpec<T>(file);
  if (spec !== undefined) {
    describe(name, () => suite(spec));
    return;
  }
  const list = process.env.ATELIER_TESTS_SPECS_MISSING;
  if (list !== undefined) appendFileSync(list, `${file}\n`);
  describe.skip(`${name} (without ${file})`, () => suite({} as T));
}
