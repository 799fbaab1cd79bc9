import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, dropOrRefuse, lacks, nativeCapability, record, stance } from './draft.ts';
import { fitNumber, fitOrdered, fitSeed, rangeText } from './fit.ts';
import type { Asked, AskedFields } from './layers.ts';
import { defaulted, native, paths, send } from './send.ts';

/** Fields with one number or one word, each decided by itself. */
type ScalarField = 'seed' | 'guidance' | 'steps' | 'quality' | 'background' | 'safety';

const SCALARS: readonly ScalarField[] = ['seed', 'guidance', 'steps', 'quality', 'background', 'safety'];

/** Decides the fields that stand for themselves: seed, guidance, steps, quality, background and safety. */
export function translateScalars(draft: Draft, asked: AskedFields): void {
  for (const field of SCALARS) scalar(draft, field, asked[field]);
}

function scalar(draft: Draft, field: ScalarField, asked: Asked<string | number> | undefined) {
  const capability = nativeCapability(draft, field);
  if (asked === undefined) return defaulted(draft, field, capability);
  if (capability === undefined) {
    // A model without an alpha channel gives opaque pictures anyway.
    if (field === 'background' && asked.value === 'opaque') return alreadyOpaque(draft, asked);
    return dropOrRefuse(draft, field, asked, asked.value, lacks(draft, field));
  }
  const fitted = fit(field, asked.value, capability);
  if (fitted === asked.value) {
    setEffective(draft, field, fitted);
    return native(draft, field, asked, capability, fitted);
  }
  const takes =
    capability.values.length > 0 ? `one of ${capability.values.join(', ')}` : rangeText(capability);
  const reason = `${draft.model.name} takes ${takes}`;
  if (fitted === undefined || stance(draft, asked) !== 'adapt') {
    return dropOrRefuse(draft, field, asked, asked.value, reason);
  }
  setEffective(draft, field, fitted);
  const sent = send(draft, capability, fitted);
  record(draft, field, FieldDisposition.CLAMPED, {
    asked: asked.value,
    sent,
    nativeField: paths(capability),
    source: asked.source,
    reason:
      field === 'seed'
        ? `${reason}: the remainder was taken, so that different seeds stay different`
        : reason,
  });
}

function fit(
  field: ScalarField,
  value: string | number,
  capability: FieldCapability,
): string | number | undefined {
  if (typeof value === 'number') {
    return field === 'seed' ? fitSeed(value, capability) : fitNumber(value, capability);
  }
  if (capability.values.length === 0 || capability.values.includes(value)) return value;
  // Opaque and transparent have nothing between them, so neither stands for the other.
  return field === 'quality' || field === 'safety' ? fitOrdered(field, value, capability.values) : undefined;
}

function alreadyOpaque(draft: Draft, asked: Asked<unknown>): void {
  draft.effective.background = 'opaque';
  record(draft, 'background', FieldDisposition.NATIVE, {
    asked: 'opaque',
    source: asked.source,
    reason: `${draft.model.name} makes opaque pictures only; nothing needs to be sent`,
  });
}

function setEffective(draft: Draft, field: ScalarField, value: string | number): void {
  (draft.effective as Record<string, string | number>)[field] = value;
}
