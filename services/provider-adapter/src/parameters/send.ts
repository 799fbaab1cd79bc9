import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { type Draft, record } from './draft.ts';
import type { Asked } from './layers.ts';
import { setPath } from './native-path.ts';
import { toNative, type Unified } from './transform.ts';
import { sizeText } from './vocabulary.ts';

/** Puts a value wherever a capability wants it, and gives it in the form of the first of these places. */
export function send(draft: Draft, capability: FieldCapability, value: Unified, index = 0): JsonValue {
  draft.sentValues[capability.field] = typeof value === 'object' ? sizeText(value) : String(value);
  const sent = capability.native.map((mapping) => {
    const spelled = toNative(value, mapping);
    setPath(draft.body, mapping.path, spelled, index);
    return spelled;
  });
  if (typeof value === 'object') {
    draft.sentSize = value;
    // Width and height by themselves say less than both.
    return sizeText(value);
  }
  return sent[0] ?? null;
}

/** Where a capability's value goes, for a receipt. */
export function paths(capability: FieldCapability): string {
  return capability.native.map(({ path }) => path).join(', ');
}

/** Sends a value as it was asked, and records it. */
export function native(
  draft: Draft,
  field: string,
  asked: Asked<unknown>,
  capability: FieldCapability,
  value: Unified,
): void {
  const sent = send(draft, capability, value);
  const details = {
    asked: typeof value === 'object' ? sizeText(value) : value,
    sent,
    nativeField: paths(capability),
  };
  // What the model's own entry asks for, nobody asked for.
  if (asked.source === ValueSource.MODEL) {
    record(draft, field, FieldDisposition.DEFAULTED, {
      ...details,
      asked: null,
      source: asked.source,
      reason: "the model's default",
    });
  } else record(draft, field, FieldDisposition.NATIVE, { ...details, source: asked.source });
}

/** Sends what the model's entry says it takes when nobody asks, so that its default cannot change unseen. */
export function defaulted(draft: Draft, field: string, capability: FieldCapability | undefined): void {
  if (capability?.defaultValue === undefined) return;
  const value = toJson(ValueSchema, capability.defaultValue);
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const sent = send(draft, capability, value);
  record(draft, field, FieldDisposition.DEFAULTED, {
    sent,
    nativeField: paths(capability),
    source: ValueSource.MODEL,
    reason: "the model's default",
  });
}
