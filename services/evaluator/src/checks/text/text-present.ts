import { type Check, type CheckInput, type CheckResult, type CheckTools, ParamError } from '../check.ts';
import { Params } from '../params.ts';
import { answer, cannotJudge, estimated } from '../probability.ts';
import type { OcrWord } from './ocr.ts';
import { bestMatch, editDistance, type MatchMode, normalise, type TextMatch } from './text-match.ts';
import { readerOf } from './text-reader.ts';

/**
 * `text`: what must be legible; empty or left out, no text at all may be. `mode`: `exact` (default: case, spaces
 * and punctuation count) or `fuzzy` (letters and digits only, any case). `max_distance`: for fuzzy, the largest
 * share of wrong letters, default .2. `only`: whether other legible words are a fault, default false.
 */
export interface TextPresentParams {
  text: string;
  mode: MatchMode;
  maxDistance: number;
  only: boolean;
}

/** Words of this confidence and length are taken for real lettering; texture is read as less. */
const legibleConfidence = 70;
export const legibleLetters = 3;

/** From here on something was read, though perhaps wrongly. */
const readableConfidence = 40;

/** Each wrong letter divides the probability by e to this power: one whole letter is a no. */
const editPenalty = 1.2;

/** Error of a normalised distance. */
const spread = 0.05;

/** Letters and digits of a word. */
export function lettersIn(word: OcrWord): number {
  return normalise(word.text, 'fuzzy').length;
}

function isLegible(word: OcrWord): boolean {
  return word.confidence >= legibleConfidence && lettersIn(word) >= legibleLetters;
}

/** Trust in a reading: .6 at no confidence, .98 from 80 on. */
function certainty(confidence: number): number {
  return 0.6 + 0.38 * Math.min(1, Math.max(0, confidence / 80));
}

/** p that the wanted text stands there, from how close the closest words come. */
export function probability(match: TextMatch, params: TextPresentParams): number {
  const sure = certainty(match.confidence);
  if (params.mode === 'exact') return sure * Math.exp(-editPenalty * match.edits);
  return sure * estimated(params.maxDistance - match.distance, spread);
}

interface Best {
  match: TextMatch;
  words: readonly OcrWord[];
  view: string;
  p: number;
}

/** Whether a word is a repeat or a fragment of the wanted text, as another view or a second print gives. */
export function belongs(word: OcrWord, wanted: string): boolean {
  return normalise(wanted, 'fuzzy').includes(normalise(word.text, 'fuzzy'));
}

/** Whether what was read is an attempt at the wanted text, so that quoting it helps: half of its letters agree. */
function resembles(found: string, wanted: string): boolean {
  const target = normalise(wanted, 'fuzzy');
  return editDistance(normalise(found, 'fuzzy'), target) <= 0.5 * Math.max(1, target.length);
}

/** A text with other words beside it, where it was to be alone, is this much less a yes. */
export const extraFactor = 0.3;

/** What to say of the closest words, given what else is legible and was not to be. */
export function wordsAbout(match: TextMatch | undefined, wanted: string, extra: readonly string[]) {
  const close = match !== undefined && resembles(match.found, wanted) ? match.found : '';
  const finding = close === '' ? `The picture does not read "${wanted}".` : `The picture reads "${close}".`;
  const others = extra.slice(0, 5).join(' ');
  const fault =
    extra.length > 0 && match?.edits === 0
      ? `Beside the wanted text the picture reads "${others}"; ask for no other words than "${wanted}".`
      : close !== ''
        ? `The picture reads "${close}" instead of "${wanted}"; ask for the exact words "${wanted}", spelled letter by letter, in large plain letters.`
        : `The text "${wanted}" is not legible; ask for the exact words "${wanted}" in quotes, in large, plain, high-contrast letters.`;
  return { close, finding, fault };
}

async function wantText(
  params: TextPresentParams,
  input: CheckInput,
  tools: CheckTools,
): Promise<CheckResult> {
  const reader = readerOf(input.image);
  let best: Best | undefined;
  let readable = 0;
  let legible = 0;
  const others = new Set<string>();
  for await (const { words, view } of reader.readings(tools.ocr, tools.signal)) {
    readable += words.filter((word) => word.confidence >= readableConfidence && lettersIn(word) >= 2).length;
    legible += words.filter(isLegible).length;
    for (const word of words) if (isLegible(word) && !belongs(word, params.text)) others.add(word.text);
    const match = bestMatch(params.text, words, params.mode);
    if (match === undefined) continue;
    const p = probability(match, params);
    if (best === undefined || p > best.p) best = { match, words, view, p };
    if (best.match.edits === 0 && best.match.confidence >= 60) break;
  }
  const bands = await reader.bands();
  if (readable === 0 && (best === undefined || best.p < 0.3)) {
    const measured = { found: '', text_like_bands: bands.length };
    if (bands.length > 0) {
      return cannotJudge(
        measured,
        'There may be lettering, but none of it can be read.',
        `Lettering cannot be read; ask for "${params.text}" in large, plain, high-contrast letters.`,
      );
    }
    return answer(
      0.03,
      measured,
      'There is no text in the picture.',
      `There is no text; ask for the words "${params.text}" in quotes.`,
    );
  }
  // Something like lettering of which hardly a word could be read is weaker evidence than other words.
  const nothingLegible = legible === 0 && bands.length > 0;
  const match = best?.match;
  const extra = params.only ? [...others] : [];
  const p = Math.max(nothingLegible ? 0.2 : 0.01, (best?.p ?? 0) * (extra.length > 0 ? extraFactor : 1));
  const { close, finding, fault } = wordsAbout(match, params.text, extra);
  return answer(
    p,
    {
      found: close,
      distance: match?.distance ?? 1,
      ocr_confidence: match?.confidence ?? 0,
      view: best?.view ?? '',
      other_legible_words: others.size,
      text_like_bands: bands.length,
    },
    finding,
    fault,
  );
}

async function wantNone(input: CheckInput, tools: CheckTools): Promise<CheckResult> {
  const reader = readerOf(input.image);
  let strongest = 0;
  let seen = '';
  for await (const { words } of reader.readings(tools.ocr, tools.signal)) {
    for (const word of words) {
      if (lettersIn(word) < legibleLetters || word.confidence <= strongest) continue;
      strongest = word.confidence;
      seen = word.text;
    }
    if (strongest >= 85) break;
  }
  const bands = await reader.bands();
  // Texture is now and then read as a short word of middling confidence; what only looks like lettering is weak
  // evidence, since leaves and seams do too.
  const p = (bands.length > 0 ? 0.85 : 0.97) * estimated(legibleConfidence - strongest, 5);
  return answer(
    p,
    {
      found: strongest >= readableConfidence ? seen : '',
      ocr_confidence: strongest,
      text_like_bands: bands.length,
    },
    strongest >= readableConfidence ? `The picture reads "${seen}".` : 'No text can be read in the picture.',
    `There is text in the picture ("${seen}"); ask for no text, letters, labels or watermark.`,
  );
}

/**
 * Is this text in the picture, or none at all? The picture is read whole, in bands that look like lettering, inverted
 * and stretched, at another size, and as scattered words; the best reading counts. What the words say is only
 * ever compared with the wanted text. Where something looks like lettering but nothing can be read, the check
 * cannot judge.
 */
export const textPresentCheck: Check<TextPresentParams> = {
  kind: 'text_present',

  parse(values) {
    const params = new Params(values);
    const text = params.text('text', 200) ?? '';
    const mode = params.choice('mode', ['exact', 'fuzzy']) ?? 'exact';
    if (text !== '' && normalise(text, mode) === '')
      throw new ParamError('text', 'must contain letters or digits');
    return params.done({
      text,
      mode,
      maxDistance: params.number('max_distance', { min: 0, max: 0.9 }) ?? 0.2,
      only: params.flag('only') ?? false,
    });
  },

  run: (params, input, tools) =>
    params.text === '' ? wantNone(input, tools) : wantText(params, input, tools),
};
