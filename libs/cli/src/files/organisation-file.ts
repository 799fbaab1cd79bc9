import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { UsageError } from '../usage-error.ts';
import { decodeMessage, isObject } from './decode.ts';
import { readYaml } from './read-yaml.ts';

/** What the platform says of the rules; a file cannot. */
const OUTPUT_ONLY = ['revision', 'etag', 'updateTime', 'update_time'];

/** Reads the organisation's rules from a file. What it leaves out is empty: a file is the whole of them. */
export async function readOrganisation(file: string): Promise<Organisation> {
  const value = await readYaml(file);
  if (!isObject(value)) throw new UsageError(`${file}: expected keys such as forbiddenTerms and questions`);
  const output = Object.keys(value).filter((key) => OUTPUT_ONLY.includes(key));
  if (output.length > 0) throw new UsageError(output.map((key) => `${file}: ${key}: is set by the platform`));
  return decodeMessage(OrganisationSchema, value, { file, path: '' });
}
