import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, record, refuse, stance } from './draft.ts';
import type { AskedFields } from './layers.ts';
import { type Field, isField, valueText } from './vocabulary.ts';

type Fields = { -readonly [F in Field]?: AskedFields[F] };

/** A member of a rule: a field, or `field=value` for a field with that value. */
export function parseTerm(term: string): { readonly field: Field; readonly value?: string } | undefined {
  const [field = '', value] = term.split('=');
  if (!isField(field)) return undefined;
  return value === undefined ? { field } : { field, value };
}

/**
 * Applies the combinations that the model's entry refuses. The field that has to go is refused, or dropped and recorded,
 * as its stance says. Gives what is left.
 */
export function applyCombinations(draft: Draft, asked: AskedFields): AskedFields {
  const left: Fields = { ...asked };
  for (const rule of draft.model.combinations) {
    if (!rule.when.every((term) => holds(left, term))) continue;
    for (const term of rule.excludes) {
      if (!holds(left, term)) continue;
      const reason = rule.reason || `not together with ${[...rule.when, term].join(', ')}`;
      give(draft, left, leastSpecific(left, [term, ...rule.when]), reason);
    }
    const missing = rule.requires.filter((term) => !holds(left, term));
    const [first] = rule.when;
    if (missing.length > 0 && first !== undefined) {
      give(draft, left, first, rule.reason || `needs ${missing.join(', ')}`);
    }
  }
  return left;
}

function holds(asked: Fields, term: string): boolean {
  const parsed = parseTerm(term);
  const value = parsed && asked[parsed.field]?.value;
  if (parsed === undefined || value === undefined) return false;
  return parsed.value === undefined || valueText(value) === parsed.value;
}

/** The term whose value comes from the layer furthest out; of several, the first. */
function leastSpecific(asked: Fields, terms: readonly [string, ...string[]]): string {
  const layer = (term: string) => {
    const field = parseTerm(term)?.field;
    return (field && asked[field]?.layer) ?? -1;
  };
  return terms.reduce((best, term) => (layer(term) > layer(best) ? term : best));
}

function give(draft: Draft, left: Fields, term: string, reason: string): void {
  const field = parseTerm(term)?.field;
  const asked = field && left[field];
  if (field === undefined || asked === undefined) return;
  if (stance(draft, asked) === 'refuse') refuse(draft, field, asked, reason);
  record(draft, field, FieldDisposition.DROPPED, {
    asked: valueText(asked.value),
    source: asked.source,
    reason,
  });
  delete left[field];
}
