import { OnUnsupported } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { type FieldCapability, type Model, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Asked } from './layers.ts';
import type { Size, Values } from './vocabulary.ts';

/** What became of one field, before it is made a message. */
export interface ReceiptEntry {
  readonly field: string;
  readonly disposition: FieldDisposition;
  readonly asked: JsonValue;
  readonly sent: JsonValue;
  readonly nativeField: string;
  readonly source: ValueSource;
  readonly reason: string;
}

/** A field for which the request is refused. */
export interface Problem {
  readonly field: string;
  readonly description: string;
  readonly reason: 'UNSUPPORTED_PARAMETER' | 'CONTRADICTORY_FIELDS';
}

/** What is done to the result after it came, before it is stored. */
export interface Finish {
  /** The result is scaled and cropped to this size. */
  readonly size?: Size;
  /** The result is encoded anew in this format: png, jpeg or webp. */
  readonly format?: string;
  /** Quality of a lossy format, 0 to 100. */
  readonly compression?: number;
}

/** A translation in the making: the steps of the translator read the model and write here. */
export interface Draft {
  readonly model: Model;
  readonly policy: OnUnsupported;
  readonly capabilities: ReadonlyMap<string, FieldCapability>;
  readonly body: JsonObject;
  readonly receipt: ReceiptEntry[];
  readonly problems: Problem[];
  readonly effective: { -readonly [F in keyof Values]?: Values[F] };
  /** Sentences that carry what the model has no field for, by field. */
  readonly phrases: { readonly field: string; readonly text: string; readonly entry: ReceiptEntry }[];
  /** What is sent of each field, in the spelling of entries: what a vendor charges by, where it differs from what was asked. */
  readonly sentValues: Record<string, string>;
  finish: Finish;
  /** The size that the model is asked for, where it is told one. */
  sentSize?: Size;
}

/** What is to be done with a value that cannot be honoured as asked. */
export type Stance = 'refuse' | 'adapt' | 'drop';

/**
 * How a value that cannot be honoured is to be treated. Required values are refused under every policy; STRICT speaks of
 * what the call itself set, so that an inherited value is adapted even then.
 */
export function stance(draft: Draft, asked: Asked<unknown>): Stance {
  if (asked.isRequired) return 'refuse';
  if (draft.policy === OnUnsupported.ADAPT) return 'adapt';
  if (draft.policy === OnUnsupported.IGNORE) return 'drop';
  return asked.source === ValueSource.CALL || asked.source === ValueSource.UNSPECIFIED ? 'refuse' : 'adapt';
}

/** The capability of a field, where the model has it by itself. */
export function nativeCapability(draft: Draft, field: string): FieldCapability | undefined {
  const capability = draft.capabilities.get(field);
  return capability?.support === Support.NATIVE ? capability : undefined;
}

/** Whether the entry says that the platform reaches the field by other means. */
export function isEmulated(draft: Draft, field: string): boolean {
  return draft.capabilities.get(field)?.support === Support.EMULATED;
}

/** The path that a refusal names: as in the request of the caller, or of the layer that required the field. */
export function fieldPath(asked: Asked<unknown>, field: string): string {
  if (asked.source === ValueSource.PROJECT) return `project.parameters.${field}`;
  if (asked.source === ValueSource.TEMPLATE) return `template.parameters.${field}`;
  return `parameters.${field}`;
}

/**
 * Records what became of a field. A field has one entry: where a value was dropped and the model's default is sent in its
 * place, the entry says both.
 */
export function record(
  draft: Draft,
  field: string,
  disposition: FieldDisposition,
  details: Partial<Omit<ReceiptEntry, 'field' | 'disposition'>>,
): ReceiptEntry {
  const nothing = { asked: null, sent: null, nativeField: '', source: ValueSource.UNSPECIFIED, reason: '' };
  const entry = { ...nothing, ...details, field, disposition };
  const earlier = draft.receipt.findIndex((other) => other.field === field);
  const dropped = draft.receipt[earlier];
  if (dropped !== undefined && disposition === FieldDisposition.DEFAULTED) {
    const { sent, nativeField } = entry;
    draft.receipt[earlier] = {
      ...dropped,
      sent,
      nativeField,
      reason: `${dropped.reason}: the default is sent`,
    };
    return dropped;
  }
  draft.receipt.push(entry);
  return entry;
}

/** Records that a field is not sent, and refuses the request for it where the stance says so. */
export function dropOrRefuse(
  draft: Draft,
  field: string,
  asked: Asked<unknown>,
  shown: JsonValue,
  reason: string,
): void {
  if (stance(draft, asked) === 'refuse') refuse(draft, field, asked, reason);
  record(draft, field, FieldDisposition.DROPPED, { asked: shown, source: asked.source, reason });
}

/** Adds a refusal that names the field. What is refused once is not refused again for what follows from it. */
export function refuse(
  draft: Draft,
  field: string,
  asked: Asked<unknown>,
  description: string,
  reason: Problem['reason'] = 'UNSUPPORTED_PARAMETER',
): void {
  const path = fieldPath(asked, field);
  if (draft.problems.some((problem) => problem.field === path)) return;
  draft.problems.push({ field: path, description, reason });
}

/** A refusal's or receipt's words for a model without the field. */
export function lacks(draft: Draft, field: string): string {
  return `${draft.model.name} has no ${field.replaceAll('_', ' ')}`;
}
