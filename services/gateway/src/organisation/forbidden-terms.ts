import type { FieldViolation } from '@atelier/rpc';
import { termKey } from '@atelier/terms';

/** The terms without blanks at their ends, and what is wrong with them: some are of blanks, or given twice. */
export function tidyTerms(
  terms: readonly string[],
  path: string,
): { readonly terms: string[]; readonly violations: FieldViolation[] } {
  const seen = new Set<string>();
  const violations = terms.flatMap((term, index): FieldViolation[] => {
    const key = termKey(term);
    const isTwice = seen.has(key);
    seen.add(key);
    if (key === '') return [{ field: `${path}[${index}]`, description: 'is blank' }];
    return isTwice ? [{ field: `${path}[${index}]`, description: `"${term}" is given twice` }] : [];
  });
  return { terms: terms.map((term) => term.trim()), violations };
}

/** Terms of several lists, each once. */
export function unitedTerms(...lists: readonly (readonly string[])[]): string[] {
  const byKey = new Map<string, string>();
  for (const term of lists.flat()) {
    const key = termKey(term);
    if (!byKey.has(key)) byKey.set(key, term);
  }
  return [...byKey.values()];
}
