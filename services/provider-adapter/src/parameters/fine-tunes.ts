import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, dropOrRefuse, lacks, nativeCapability, record, stance } from './draft.ts';
import { fitNumber, rangeText } from './fit.ts';
import type { Asked, AskedFields } from './layers.ts';
import { paths, send } from './send.ts';
import type { FineTune } from './vocabulary.ts';

/** Decides the fine-tuned weights: adapters go under `fine_tunes`, their weights under `fine_tune_weight`. */
export function translateFineTunes(draft: Draft, asked: AskedFields): void {
  const tunes = asked.fine_tunes;
  if (tunes === undefined) return;
  const capability = nativeCapability(draft, 'fine_tunes');
  const limit = capability?.max ?? 1;
  const sent: FineTune[] = [];
  for (const [position, tune] of tunes.value.entries()) {
    const field = `fine_tunes[${position}]`;
    if (capability === undefined || sent.length >= limit) {
      const reason =
        capability === undefined ? lacks(draft, 'fine_tunes') : `${draft.model.name} takes at most ${limit}`;
      dropOrRefuse(draft, field, tunes, tune.adapter, reason);
      if (tune.weight !== undefined) {
        dropOrRefuse(draft, `${field}.weight`, tunes, tune.weight, 'the adapter itself is not sent');
      }
      continue;
    }
    record(draft, field, FieldDisposition.NATIVE, {
      asked: tune.adapter,
      sent: send(draft, capability, tune.adapter, sent.length),
      nativeField: paths(capability),
      source: tunes.source,
    });
    const weight = fineTuneWeight(draft, field, tunes, tune.weight, sent.length);
    sent.push({ adapter: tune.adapter, ...(weight !== undefined && { weight }) });
  }
  if (sent.length > 0) draft.effective.fine_tunes = sent;
}

function fineTuneWeight(
  draft: Draft,
  tune: string,
  asked: Asked<unknown>,
  weight: number | undefined,
  index: number,
): number | undefined {
  const field = `${tune}.weight`;
  const capability = nativeCapability(draft, 'fine_tune_weight');
  if (weight === undefined) return defaultWeight(draft, field, capability, index);
  const fitted = capability === undefined ? undefined : fitNumber(weight, capability);
  if (capability === undefined || fitted === undefined) {
    // As trained is what a model without weights does anyway.
    if (weight !== 1) dropOrRefuse(draft, field, asked, weight, `${draft.model.name} has no weights`);
    else
      record(draft, field, FieldDisposition.NATIVE, { asked: 1, source: asked.source, reason: 'as trained' });
    return undefined;
  }
  const reason = `${draft.model.name} takes ${rangeText(capability)}`;
  if (fitted !== weight && stance(draft, asked) !== 'adapt') {
    dropOrRefuse(draft, field, asked, weight, reason);
    return defaultWeight(draft, field, capability, index);
  }
  record(draft, field, fitted === weight ? FieldDisposition.NATIVE : FieldDisposition.CLAMPED, {
    asked: weight,
    sent: send(draft, capability, fitted, index),
    nativeField: paths(capability),
    source: asked.source,
    reason: fitted === weight ? '' : reason,
  });
  return fitted;
}

/** The weight that is sent when nobody asks, where the entry says which: some vendors take no adapter without one. */
function defaultWeight(
  draft: Draft,
  field: string,
  capability: FieldCapability | undefined,
  index: number,
): undefined {
  const kind = capability?.defaultValue?.kind;
  if (capability === undefined || kind?.case !== 'numberValue') return;
  record(draft, field, FieldDisposition.DEFAULTED, {
    sent: send(draft, capability, kind.value, index),
    nativeField: paths(capability),
    source: ValueSource.MODEL,
    reason: "the model's default",
  });
}
