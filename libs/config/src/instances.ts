import type { Environment } from './load.ts';
import { Secret } from './secret.ts';

/** One configured instance of something that may exist several times, such as a provider or a judge. */
export interface Instance {
  /** Name in lower case with dashes: `PROVIDER_AZURE_EU_API_KEY` belongs to `azure-eu`. */
  readonly name: string;
  /** What it is an instance of: the `TYPE` variable in lower case, by default the instance's name. */
  readonly type: string;
  /** Fields that are no secret, by the name after the instance: `BASE_URL`. */
  readonly fields: ReadonlyMap<string, string>;
  /** Fields whose name ends in KEY, KEY_ID, SECRET, TOKEN, PASSWORD or CREDENTIAL. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Fields by which an instance is recognised, since its name may itself hold underscores. */
const DEFAULT_FIELDS = ['TYPE', 'API_KEY', 'BASE_URL', 'WEBHOOK_SECRET', 'MODEL'] as const;

/**
 * Reads `<PREFIX>_<INSTANCE>_<FIELD>` variables, grouped by instance and sorted by name.
 *
 * A variable brings an instance into being only by one of the `recognisedBy` fields, so that unrelated variables that
 * share the prefix (`PROVIDER_ADAPTER_GRPC_ADDR`) are not taken for one. Once an instance exists, whatever else begins
 * with its name is one of its fields, so vendors may have fields of their own.
 */
export function instances(
  env: Environment,
  prefix: string,
  recognisedBy: readonly string[] = DEFAULT_FIELDS,
): ReadonlyMap<string, Instance> {
  const variables = Object.entries(env)
    .filter(([name, value]) => name.startsWith(`${prefix}_`) && value !== undefined && value.trim() !== '')
    .map(([name, value]) => [name.slice(prefix.length + 1), (value as string).trim()] as const);

  const stems = new Set<string>();
  for (const [rest] of variables) {
    const field = longest(recognisedBy.filter((candidate) => rest.endsWith(`_${candidate}`)));
    if (field !== undefined && rest.length > field.length + 1) stems.add(rest.slice(0, -field.length - 1));
  }

  const byStem = new Map([...stems].sort().map((stem) => [stem, new Map<string, string>()]));
  for (const [rest, value] of variables) {
    const stem = longest([...stems].filter((candidate) => rest.startsWith(`${candidate}_`)));
    if (stem !== undefined) byStem.get(stem)?.set(rest.slice(stem.length + 1), value);
  }
  return new Map([...byStem].map(([stem, values]) => [dashed(stem), instanceOf(dashed(stem), values)]));
}

function instanceOf(name: string, values: ReadonlyMap<string, string>): Instance {
  const fields = new Map<string, string>();
  const secrets = new Map<string, Secret>();
  for (const [field, value] of values) {
    if (/(^|_)(KEY|KEY_ID|SECRET|TOKEN|PASSWORD|CREDENTIAL)$/.test(field))
      secrets.set(field, new Secret(value));
    else if (field !== 'TYPE') fields.set(field, value);
  }
  return { name, type: dashed(values.get('TYPE') ?? name), fields, secrets };
}

function dashed(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function longest(candidates: readonly string[]): string | undefined {
  return candidates.reduce<string | undefined>(
    (best, candidate) => (best === undefined || candidate.length > best.length ? candidate : best),
    undefined,
  );
}
