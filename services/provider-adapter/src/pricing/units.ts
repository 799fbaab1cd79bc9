/** The units that a price may count. Tokens are counted by the provider alone, so they cannot be estimated from a request. */
export const PRICED_UNITS = [
  'image',
  'megapixel',
  'request',
  'second',
  'input_token',
  'output_token',
] as const;

/** A unit of a price list. */
export type PricedUnit = (typeof PRICED_UNITS)[number];

/** Whether a text names a unit that prices may count. */
export function isPricedUnit(unit: string): unit is PricedUnit {
  return (PRICED_UNITS as readonly string[]).includes(unit);
}
