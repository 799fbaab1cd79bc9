import { mkdir } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Session } from '../session.ts';

/**
 * Saves the results to a file, `name.png`; where there are several, the others go to `name-2.png` and so on. Gives the
 * files by the names of the images.
 */
export async function saveResults(
  { atelier, signal }: Session,
  { results }: Generation,
  output: string,
): Promise<Map<string, string>> {
  const path = resolve(output);
  await mkdir(dirname(path), { recursive: true });
  const files = new Map<string, string>();
  for (const [index, { image }] of results.entries()) {
    if (image === undefined) continue;
    const file = index === 0 ? path : numbered(path, index + 1);
    await atelier.downloadImage(image, file, { signal });
    files.set(image.name, file);
  }
  return files;
}

function numbered(path: string, number: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${number}${extension}`;
}
