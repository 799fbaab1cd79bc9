import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import {
  type TranslationReceipt,
  TranslationReceiptSchema,
} from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { ReceiptEntry } from './draft.ts';

/** The receipt as a message. */
export function toReceipt(
  model: Model,
  entries: readonly ReceiptEntry[],
  warnings: readonly string[],
): TranslationReceipt {
  return create(TranslationReceiptSchema, {
    model: model.name,
    modelRevision: model.revision,
    fields: entries.map(({ asked, sent, ...entry }) => ({
      ...entry,
      asked: toValue(asked),
      sent: toValue(sent),
    })),
    warnings: [...warnings],
  });
}

function toValue(value: JsonValue): Value {
  return fromJson(ValueSchema, value);
}
