import type { JsonObject } from '@bufbuild/protobuf';
import type { InputField } from './input-schema.ts';
import type { Known } from './known-fields.ts';

/** Sides in steps of so many pixels suit every model, where the description does not say which ones it wants. */
const USUAL_STEP = 16;

/** Smallest and largest side where the schema has none, in pixels. */
const USUAL_MIN = 256;
const USUAL_MAX = 1_536;

/**
 * Width and height as a size. Models that mainly take a ratio want to be told that there is a size: then their ratio, or
 * their named size, is `custom`.
 */
export function sidesOf(fields: readonly InputField[]): Known & { readonly used: readonly string[] } {
  const width = fields.find(({ name, type }) => name === 'width' && type === 'integer');
  const height = fields.find(({ name, type }) => name === 'height' && type === 'integer');
  if (width === undefined || height === undefined) return { capabilities: {}, used: [] };
  const custom = fields.find(
    ({ name, values }) => ['aspect_ratio', 'size'].includes(name) && values.includes('custom'),
  );
  const step = stepOf(width) ?? stepOf(height);
  const min = Math.max(width.minimum ?? USUAL_MIN, height.minimum ?? USUAL_MIN);
  const max = Math.min(width.maximum ?? USUAL_MAX, height.maximum ?? USUAL_MAX);
  const isOpen = width.maximum === undefined || height.maximum === undefined;
  const notes = [
    ...(step === undefined ? [`See in which steps width and height go; ${USUAL_STEP} is a guess.`] : []),
    ...(isOpen ? [`Width and height have no range; ${min} to ${max} is a guess.`] : []),
  ];
  const capability: JsonObject = {
    support: 'native',
    min,
    max,
    step: step ?? USUAL_STEP,
    ...(custom === undefined && usual(width, height)),
    native: [
      { path: 'width', transform: 'width' },
      { path: 'height', transform: 'height' },
      ...(custom === undefined
        ? []
        : [{ path: custom.name, transform: 'lookup', values: { '*': 'custom' } }]),
    ],
  };
  return { capabilities: { size: capability }, notes, used: ['width', 'height'] };
}

function stepOf({ schema, description }: InputField): number | undefined {
  if (typeof schema.multipleOf === 'number') return schema.multipleOf;
  const said = /multiple of (\d+)/i.exec(description)?.[1];
  return said === undefined ? undefined : Number(said);
}

function usual(width: InputField, height: InputField): JsonObject {
  if (typeof width.default !== 'number' || typeof height.default !== 'number') return {};
  return { default_value: `${width.default}x${height.default}` };
}
