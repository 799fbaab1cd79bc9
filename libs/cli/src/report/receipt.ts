import type { Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type NativeRequest,
  NativeRequestSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  FieldDispositionSchema,
  type TranslationReceipt,
  ValueSourceSchema,
} from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { enumWord, formatValue } from '../output/format.ts';
import { html, type Part } from './html.ts';
import { dataTable, foldOut, jsonBlock, list } from './parts.ts';

/** What became of the parameters, and what left for the provider, folded away. */
export function requestFoldOut({ receipt, nativeRequests, number }: Round): Part {
  if (receipt === undefined && nativeRequests.length === 0) return undefined;
  return foldOut(
    `Request and receipt of round ${number}`,
    html`${receipt !== undefined && receiptPart(receipt)}${nativeRequests.map(nativePart)}`,
  );
}

function receiptPart({ model, modelRevision, fields, warnings }: TranslationReceipt): Part {
  const rows = fields.map(({ field, disposition, asked, sent, nativeField, source, reason }) => [
    field,
    enumWord(FieldDispositionSchema, disposition),
    valueWords(asked),
    valueWords(sent),
    nativeField,
    source === 0 ? '' : enumWord(ValueSourceSchema, source),
    reason,
  ]);
  const headings = ['Field', 'Became', 'Asked', 'Sent', 'As', 'From', 'Why'];
  return html`${list(warnings, 'warnings')}${dataTable(`What became of the parameters: ${model}, revision ${modelRevision}`, headings, rows)}`;
}

function nativePart(request: NativeRequest): Part {
  const { method, url, images } = request;
  return html`<p class="note">Sent, without its secrets: ${method} <code>${url}</code>${images > 1 && ` for ${images} images`}</p>
${jsonBlock(toJson(NativeRequestSchema, request))}`;
}

function valueWords(message: Parameters<typeof toJson<typeof ValueSchema>>[1] | undefined): string {
  return message === undefined ? '' : formatValue(toJson(ValueSchema, message) as JsonValue);
}
