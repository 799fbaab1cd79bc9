import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const data = fileURLToPath(
  new URL('../../../../services/provider-adapter/src/catalog/data/', import.meta.url),
);

interface Entry {
  readonly state?: string;
  readonly prompt_dialect?: string;
  readonly max_prompt_chars?: number;
}

/** The shortest limit on a prompt, in characters, that a model of the catalog with the dialect has. */
export async function shortestLimit(dialect: string): Promise<number> {
  const limits: number[] = [];
  for (const name of (await readdir(data)).filter((file) => file.endsWith('.yaml'))) {
    const { models } = parse(await readFile(join(data, name), 'utf8'), { merge: true }) as {
      models: Record<string, Entry>;
    };
    for (const { state, prompt_dialect: spoken, max_prompt_chars: limit } of Object.values(models)) {
      if (state !== 'disabled' && spoken === dialect && limit !== undefined) limits.push(limit);
    }
  }
  if (limits.length === 0) throw new Error(`no model of the catalog with the dialect ${dialect} has a limit`);
  return Math.min(...limits);
}
