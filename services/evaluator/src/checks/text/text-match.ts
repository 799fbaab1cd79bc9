import type { OcrWord } from './ocr.ts';

/** The place in a reading that comes closest to a wanted text. */
export interface TextMatch {
  /** What stands there. */
  readonly found: string;
  /** Number of wrong letters (edits), look-alikes counted in part. */
  readonly edits: number;
  /** Edits over the length of the wanted text, at most 1. */
  readonly distance: number;
  /** Mean confidence of the words there, 0 to 100. */
  readonly confidence: number;
  /** Positions of the words there, from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
}

/** Exact: letters, case, punctuation and single spaces count. Fuzzy: only letters and digits, whatever the case. */
export type MatchMode = 'exact' | 'fuzzy';

/** Brings a text to the form that is compared. Typographic quotes and dashes are the plain ones in both modes. */
export function normalise(text: string, mode: MatchMode): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\u2018\u2019\u00b4`]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/[\u2010-\u2015]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return mode === 'exact' ? plain : plain.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Letters that engines and people mix up in print; capital and small letters of one shape among them. */
const lookAlikes = ['0OoQ', 'Il1|!', 'Ss5', 'Cc', 'Vv', 'Ww', 'Xx', 'Zz2', 'Uu', 'Kk', 'Pp', 'B8', 'G6'];

/** A look-alike is more likely misread than miswritten. */
const lookAlikeCost = 0.35;

/** A lost or gained space, stop or comma is half an edit. */
const slightCost = 0.5;

const slight = /[\s.,'"-]/;

function replaceCost(x: string, y: string): number {
  if (x === y) return 0;
  return lookAlikes.some((group) => group.includes(x) && group.includes(y)) ? lookAlikeCost : 1;
}

/** Weighted edit distance (Levenshtein) between two texts. */
export function editDistance(x: string, y: string): number {
  const a = [...x];
  const b = [...y];
  const slide = (character: string) => (slight.test(character) ? slightCost : 1);
  let row = [0];
  for (const to of b) row.push((row.at(-1) as number) + slide(to));
  for (const from of a) {
    const next = [(row[0] as number) + slide(from)];
    for (const [j, to] of b.entries()) {
      next.push(
        Math.min(
          (row[j] as number) + replaceCost(from, to),
          (row[j + 1] as number) + slide(from),
          (next[j] as number) + slide(to),
        ),
      );
    }
    row = next;
  }
  return row.at(-1) as number;
}

/** Finds the stretch of words that is closest to the wanted text; undefined if there are no words. */
export function bestMatch(wanted: string, words: readonly OcrWord[], mode: MatchMode): TextMatch | undefined {
  const target = normalise(wanted, mode);
  const length = normalise(wanted, 'exact').split(' ').length;
  let best: TextMatch | undefined;
  for (let first = 0; first < words.length; first++) {
    for (let size = Math.max(1, length - 2); size <= length + 2 && first + size <= words.length; size++) {
      const window = words.slice(first, first + size);
      const found = window.map((word) => word.text).join(' ');
      const edits = editDistance(target, normalise(found, mode));
      const confidence = window.reduce((sum, word) => sum + word.confidence, 0) / size;
      if (
        best === undefined ||
        edits < best.edits ||
        (edits === best.edits && confidence > best.confidence)
      ) {
        const distance = Math.min(1, edits / Math.max(1, target.length));
        best = { found, edits, distance, confidence, first, end: first + size };
      }
    }
  }
  return best;
}
