import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const tokens = z.number().positive();
const dollars = z.number().nonnegative();
const day = z.iso.date();

/** How an image counts in tokens, as the vendor says. */
const IMAGES = z.discriminatedUnion('kind', [
  /** A base, and so much for each square of 512 pixels. */
  z.strictObject({ kind: z.literal('tiles'), base: tokens, tile: tokens }),
  /**
   * One for each square of `side` pixels, at least `least`, at most `budget`, times `multiplier`. `pixels_per_token` is the same
   * as a vendor's rule of thumb, where that may be more.
   */
  z.strictObject({
    kind: z.literal('patches'),
    side: tokens,
    least: tokens.optional(),
    budget: tokens.optional(),
    multiplier: tokens.default(1),
    pixels_per_token: tokens.optional(),
  }),
  /** So much for each crop, whose side depends on the image's. */
  z.strictObject({ kind: z.literal('crops'), tokens }),
  /** So much whatever its size. */
  z.strictObject({ kind: z.literal('fixed'), tokens }),
]);

/** How much a model is to think before it answers. */
export const REASONING = ['none', 'minimal', 'low', 'medium', 'high'] as const;

const FAMILY = z.strictObject({
  match: z.string().transform((pattern) => new RegExp(pattern)),
  log_probabilities: z.boolean().default(false),
  temperature: z.boolean().default(true),
  reasoning: z.enum(REASONING).optional(),
  images: IMAGES,
});

const PRICE = z.strictObject({
  model: z.string(),
  aliases: z.array(z.string()).default([]),
  input: dollars,
  cached_input: dollars.optional(),
  output: dollars,
  as_of: day,
  from: day.optional(),
  long_prompt: z
    .strictObject({ above: tokens, input: dollars.optional(), output: dollars.optional() })
    .optional(),
});

const CATALOG = z.strictObject({
  overhead_tokens: tokens,
  families: z.array(FAMILY).min(1),
  pricing_page: z.url().optional(),
  prices: z.array(PRICE),
});

/** How an image counts in tokens. */
export type ImageRule = z.output<typeof IMAGES>;

/** What models of a family have in common. */
export type Family = z.output<typeof FAMILY>;

/** What models of a vendor cost, in US dollars per million tokens, which are millionths of a dollar per token. */
export type PriceEntry = z.output<typeof PRICE>;

/** What is known of a vendor's models. */
export type Catalog = z.output<typeof CATALOG>;

const read = new Map<string, Catalog>();

/** What is known of the models of a type of instance. The files beside this one say it, and where it is from. */
export function catalogOf(type: string): Catalog {
  const present = read.get(type);
  if (present !== undefined) return present;
  const catalog = CATALOG.parse(parse(readFileSync(join(import.meta.dirname, `${type}.yaml`), 'utf8')));
  read.set(type, catalog);
  return catalog;
}

/** The family that a model belongs to: the first that fits. */
export function familyOf({ families }: Catalog, model: string): Family {
  const found = families.find(({ match }) => match.test(model)) ?? families.at(-1);
  if (found === undefined) throw new Error('a catalog has no families');
  return found;
}
