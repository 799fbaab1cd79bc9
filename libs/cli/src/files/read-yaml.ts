import { readFile } from 'node:fs/promises';
import type { JsonValue } from '@bufbuild/protobuf';
import { parseDocument } from 'yaml';
import { UsageError } from '../usage-error.ts';

/** Most that the aliases of a file may come to, by the reckoning of the library that reads it. */
const MAX_ALIASES = 100;

/** The value in a file of YAML or JSON. What does not parse, and a key that is there twice, is a `UsageError`. */
export async function readYaml(file: string): Promise<JsonValue> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`,
    );
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [first] = document.errors;
  if (first !== undefined) {
    const line = first.linePos?.[0].line;
    throw new UsageError(
      `${file}${line === undefined ? '' : `:${line}`}: ${first.message.split('\n')[0]?.replace(/:$/, '')}`,
    );
  }
  try {
    return (document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null) as JsonValue;
  } catch (error) {
    // What was parsed is put together here: an alias of nothing, or aliases of aliases that come to more than anybody wrote.
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}
