import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, dropOrRefuse, isEmulated, lacks, nativeCapability, record, stance } from './draft.ts';
import type { Asked, AskedFields } from './layers.ts';
import { defaulted, native, paths, send } from './send.ts';

/** Decides negative prompt and style, which a sentence in the prompt can stand for where the entry says so. */
export function translatePhrases(draft: Draft, asked: AskedFields): void {
  if (!isEmpty(draft, 'negative_prompt', asked.negative_prompt)) negativePrompt(draft, asked.negative_prompt);
  if (!isEmpty(draft, 'style', asked.style)) style(draft, asked.style);
}

/** An empty text overrides what is inherited, and asks for nothing by itself. */
function isEmpty(draft: Draft, field: string, asked: Asked<string> | undefined): boolean {
  if (asked === undefined || asked.value.trim() !== '') return false;
  const reason = 'empty: nothing needs to be sent';
  record(draft, field, FieldDisposition.NATIVE, { asked: asked.value, source: asked.source, reason });
  return true;
}

function negativePrompt(draft: Draft, asked: Asked<string> | undefined) {
  const capability = nativeCapability(draft, 'negative_prompt');
  if (asked === undefined) return defaulted(draft, 'negative_prompt', capability);
  if (capability === undefined) {
    return inPrompt(draft, 'negative_prompt', asked, `Avoid: ${asked.value}.`);
  }
  const limit = capability.max ?? Number.POSITIVE_INFINITY;
  if (asked.value.length <= limit) {
    draft.effective.negative_prompt = asked.value;
    return native(draft, 'negative_prompt', asked, capability, asked.value);
  }
  const reason = `${draft.model.name} takes at most ${limit} characters`;
  if (stance(draft, asked) !== 'adapt') {
    return dropOrRefuse(draft, 'negative_prompt', asked, asked.value, reason);
  }
  const cut = cutAtWord(asked.value, limit);
  draft.effective.negative_prompt = cut;
  const sent = send(draft, capability, cut);
  record(draft, 'negative_prompt', FieldDisposition.CLAMPED, {
    asked: asked.value,
    sent,
    nativeField: paths(capability),
    source: asked.source,
    reason,
  });
}

function style(draft: Draft, asked: Asked<string> | undefined) {
  const capability = nativeCapability(draft, 'style');
  if (asked === undefined) return defaulted(draft, 'style', capability);
  const known =
    capability?.values.length === 0
      ? asked.value
      : capability?.values.find((value) => value.toLowerCase() === asked.value.toLowerCase());
  if (capability !== undefined && known !== undefined) {
    draft.effective.style = known;
    return native(draft, 'style', asked, capability, known);
  }
  const takes = capability && `${draft.model.name} takes one of ${capability.values.join(', ')}`;
  inPrompt(draft, 'style', asked, `In ${asked.value} style.`, takes);
}

/** Carries a value by a sentence of the prompt, where the entry and the policy allow it. */
function inPrompt(
  draft: Draft,
  field: 'negative_prompt' | 'style',
  asked: Asked<string>,
  text: string,
  takes = lacks(draft, field),
) {
  // A model with a list of styles understands the words of others too, or it would not take prompts.
  const isAllowed = isEmulated(draft, field) || nativeCapability(draft, field) !== undefined;
  const prompts = nativeCapability(draft, 'prompt');
  if (!isAllowed || prompts === undefined || stance(draft, asked) !== 'adapt') {
    return dropOrRefuse(draft, field, asked, asked.value, takes);
  }
  const entry = record(draft, field, FieldDisposition.EMULATED, {
    asked: asked.value,
    sent: text,
    nativeField: paths(prompts),
    source: asked.source,
    reason: `${takes}: said in the prompt`,
  });
  draft.phrases.push({ field, text, entry });
}

/** The longest beginning that ends with a whole word. */
export function cutAtWord(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit + 1);
  const end = cut.search(/\s\S*$/);
  return (end > 0 ? cut.slice(0, end) : text.slice(0, limit)).toWellFormed();
}
