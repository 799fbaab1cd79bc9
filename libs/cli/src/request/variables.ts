import type { JsonObject } from '@bufbuild/protobuf';
import { isObject } from '../files/decode.ts';
import { readYaml } from '../files/read-yaml.ts';
import { UsageError } from '../usage-error.ts';
import { parsePair, parseVariable } from './values.ts';

/** Variables of `--var key=value` over those of a file. */
export async function readVariables(pairs: readonly string[], file: string | undefined): Promise<JsonObject> {
  const below = file === undefined ? {} : await readYaml(file);
  if (!isObject(below)) throw new UsageError(`${file}: expected variables and their values`);
  const given = pairs.map((text) => {
    const [key, value] = parsePair('--var', text);
    return [key, parseVariable(value)] as const;
  });
  return { ...below, ...Object.fromEntries(given) };
}
