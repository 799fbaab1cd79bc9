import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, dropOrRefuse, isEmulated, lacks, nativeCapability, record, stance } from './draft.ts';
import { fitNumber, rangeText } from './fit.ts';
import type { Asked, AskedFields } from './layers.ts';
import { defaulted, native, paths, send } from './send.ts';

/** Decides file format and compression, which the platform can also bring about by encoding the result anew. */
export function translateEncoding(draft: Draft, asked: AskedFields): void {
  outputFormat(draft, asked.output_format);
  compression(draft, asked.compression, chosenFormat(draft));
}

function outputFormat(draft: Draft, asked: Asked<string> | undefined) {
  const capability = nativeCapability(draft, 'output_format');
  if (asked === undefined) return defaulted(draft, 'output_format', capability);
  const { values = [] } = capability ?? {};
  if (capability !== undefined && (values.length === 0 || values.includes(asked.value))) {
    draft.effective.output_format = asked.value;
    return native(draft, 'output_format', asked, capability, asked.value);
  }
  const reason =
    capability === undefined
      ? lacks(draft, 'output_format')
      : `${draft.model.name} takes one of ${values.join(', ')}`;
  const canEncode = capability !== undefined || isEmulated(draft, 'output_format');
  if (!canEncode || stance(draft, asked) !== 'adapt') {
    return dropOrRefuse(draft, 'output_format', asked, asked.value, reason);
  }
  draft.effective.output_format = asked.value;
  draft.finish = { ...draft.finish, format: asked.value };
  // A lossless format where the model has one, so that encoding anew loses no more than it must.
  const between = values.includes('png') ? 'png' : values[0];
  const sent = capability !== undefined && between !== undefined ? send(draft, capability, between) : null;
  record(draft, 'output_format', FieldDisposition.EMULATED, {
    asked: asked.value,
    sent,
    nativeField: capability === undefined ? '' : paths(capability),
    source: asked.source,
    reason: `${reason}: encoded anew after generation`,
  });
}

/** The format that the finished image will have, where it is known. */
function chosenFormat(draft: Draft): string | undefined {
  if (draft.finish.format !== undefined) return draft.finish.format;
  if (draft.effective.output_format !== undefined) return draft.effective.output_format;
  const kind = nativeCapability(draft, 'output_format')?.defaultValue?.kind;
  return kind?.case === 'stringValue' ? kind.value : undefined;
}

function compression(draft: Draft, asked: Asked<number> | undefined, format: string | undefined) {
  const capability = nativeCapability(draft, 'compression');
  const isLossless = format === undefined || format === 'png';
  if (asked === undefined) return isLossless ? undefined : defaulted(draft, 'compression', capability);
  if (isLossless) {
    const reason = `compression is of a lossy format, and the result is ${format ?? 'in an unknown format'}`;
    return dropOrRefuse(draft, 'compression', asked, asked.value, reason);
  }
  const isEncodedAnew = draft.finish.format !== undefined;
  if (capability !== undefined && !isEncodedAnew) {
    const fitted = fitNumber(asked.value, capability);
    draft.effective.compression = fitted;
    if (fitted === asked.value) return native(draft, 'compression', asked, capability, fitted);
    const reason = `${draft.model.name} takes ${rangeText(capability)}`;
    if (stance(draft, asked) !== 'adapt')
      return dropOrRefuse(draft, 'compression', asked, asked.value, reason);
    const sent = send(draft, capability, fitted);
    record(draft, 'compression', FieldDisposition.CLAMPED, {
      asked: asked.value,
      sent,
      nativeField: paths(capability),
      source: asked.source,
      reason,
    });
    return;
  }
  const canEncode = isEncodedAnew || isEmulated(draft, 'compression');
  if (!canEncode || (!isEncodedAnew && stance(draft, asked) !== 'adapt')) {
    return dropOrRefuse(draft, 'compression', asked, asked.value, lacks(draft, 'compression'));
  }
  draft.effective.compression = asked.value;
  draft.finish = { ...draft.finish, format: format as string, compression: asked.value };
  record(draft, 'compression', FieldDisposition.EMULATED, {
    asked: asked.value,
    source: asked.source,
    reason: 'encoded anew after generation',
  });
}
