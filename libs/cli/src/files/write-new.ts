import { access, writeFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/** Throws where the file is there already: what makes it may cost money, or time. */
export async function requireNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`${file}: is there already`);
}

/** Writes a file that is not there yet: a draft that somebody has completed is not to be lost. */
export async function writeNew(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(file, `${lines.join('\n')}\n`, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'EEXIST' ? `${file}: is there already` : `${file}: cannot be written (${code})`,
    );
  }
}
