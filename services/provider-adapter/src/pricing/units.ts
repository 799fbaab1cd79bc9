/** The units that a price may count. Tokens are counted by the provider alone, so that bounds stand in for them in estimates. */
export const PRICED_UNITS = [
  'image',
  'megapixel',
  'request',
  'second',
  'input_token',
  'input_image_token',
  'output_token',
  'output_text_token',
] as const;

/** The units of upper bounds: those that a request itself tells. */
export const BOUND_UNITS = ['image', 'megapixel', 'request'] as const;
