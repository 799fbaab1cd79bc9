import { diffArrays } from 'diff';
import { type Html, html } from './html.ts';

/** A stretch of words: in both texts, only in the old one, or only in the new one. */
export interface Stretch {
  readonly kind: 'same' | 'taken-out' | 'put-in';
  readonly text: string;
}

/** Most words that are taken out and put in; beyond, texts have so little in common that they are shown whole. */
const MAX_EDITS = 1_000;

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * What changed from one prompt to another, word by word in any language. Space between two changes belongs to them, so that
 * a rewritten phrase reads as one.
 */
export function promptDiff(before: string, after: string): Stretch[] {
  const [old, next] = [tokens(before), tokens(after)];
  const changes = diffArrays(old, next, { maxEditLength: MAX_EDITS }) ?? [
    { removed: true, added: false, value: old },
    { removed: false, added: true, value: next },
  ];
  const stretches = changes.map(
    ({ added, removed, value }): Stretch => ({
      kind: added ? 'put-in' : removed ? 'taken-out' : 'same',
      text: value.join(''),
    }),
  );
  return joined(stretches);
}

function tokens(text: string): string[] {
  return Array.from(words.segment(text), ({ segment }) => segment);
}

/** Each run of changes as at most one stretch taken out and one put in, with the space between its parts. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  let [out, put] = ['', ''];
  const flush = () => {
    if (out !== '') all.push({ kind: 'taken-out', text: out });
    if (put !== '') all.push({ kind: 'put-in', text: put });
    [out, put] = ['', ''];
  };
  for (const [index, { kind, text }] of stretches.entries()) {
    if (kind === 'taken-out') out += text;
    else if (kind === 'put-in') put += text;
    else if ((out !== '' || put !== '') && text.trim() === '' && index < stretches.length - 1) {
      out += text;
      put += text;
    } else {
      flush();
      all.push({ kind, text });
    }
  }
  flush();
  return all;
}

/** The changes as text with marks that are heard, printed without colour, and seen. */
export function diffHtml(stretches: readonly Stretch[]): Html {
  return html`${stretches.map(({ kind, text }) => {
    if (kind === 'same') return text;
    return kind === 'taken-out' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
  })}`;
}
