import { randomUUID } from 'node:crypto';
import { access, link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SpooledFile } from '../../spool/spool.ts';

/** Writes a file so that after a crash it is there whole or not at all. Replaces one that is there. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = await writeTemporary(path, content);
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** The same for a file that must not exist yet: false where it does, and then nothing is changed. */
export async function createDurably(path: string, content: string | Uint8Array): Promise<boolean> {
  const temporary = await writeTemporary(path, content);
  try {
    // A link fails where the name is taken, which a rename would silently replace.
    await link(temporary, path);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Moves a spooled file so that after a crash it is there whole or not at all. */
export async function moveDurably(file: SpooledFile, path: string): Promise<SpooledFile> {
  const content = await open(file.path, 'r');
  try {
    await content.sync();
  } finally {
    await content.close();
  }
  await rename(file.path, path);
  await syncDirectory(dirname(path));
  return { ...file, path };
}

/** Makes a directory and its parents, durably: a file in it survives only if its name in the parent does. */
export async function makeDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let directory = path; ; directory = dirname(directory)) {
    await syncDirectory(dirname(directory));
    if (directory === made) return;
  }
}

/** Whether a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function writeTemporary(path: string, content: string | Uint8Array): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
