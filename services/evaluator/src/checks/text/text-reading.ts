import type { CheckResult } from '../check.ts';
import { answer } from '../probability.ts';
import type { OcrWord } from './ocr.ts';
import { bestMatch } from './text-match.ts';
import {
  belongs,
  extraFactor,
  legibleLetters,
  lettersIn,
  probability,
  textPresentCheck,
  wordsAbout,
} from './text-present.ts';

/** Whoever reads a picture aloud states no confidence. What is written down counts as clearly seen. */
const confidence = 95;

/** How models write that there is nothing to read. */
const nothing = /^["'(]?(?:none|no (?:visible |legible |readable )?(?:text|lettering|words?)|n\/a)[.)"']?$/i;

function wordsIn(reading: string): OcrWord[] {
  return reading
    .split(/\s+/)
    .filter((text) => text !== '')
    .map((text) => ({ text, confidence, box: { left: 0, top: 0, right: 0, bottom: 0 } }));
}

/**
 * What a reading comes to that a person or a model wrote down after looking at the picture: the same question as that of
 * `text_present`, its parameters being those of the check, and the same matching. The text is only ever compared.
 */
export function checkReading(parameters: Readonly<Record<string, unknown>>, reading: string): CheckResult {
  const params = textPresentCheck.parse(parameters);
  const isNothing = nothing.test(reading.trim()) && !nothing.test(params.text);
  const words = isNothing ? [] : wordsIn(reading);
  return params.text === '' ? none(words) : some(params, words);
}

function none(words: readonly OcrWord[]): CheckResult {
  const seen = words.filter((word) => lettersIn(word) > 0).map(({ text }) => text);
  const found = seen.slice(0, 12).join(' ');
  return answer(
    seen.length === 0 ? 0.97 : 0.03,
    { found },
    seen.length === 0 ? 'No text can be read in the picture.' : `The picture reads "${found}".`,
    `There is text in the picture ("${found}"); ask for no text, letters, labels or watermark.`,
  );
}

function some(params: ReturnType<typeof textPresentCheck.parse>, words: readonly OcrWord[]): CheckResult {
  const match = bestMatch(params.text, words, params.mode);
  const isOther = (word: OcrWord) => lettersIn(word) >= legibleLetters && !belongs(word, params.text);
  const extra = params.only ? words.filter(isOther).map(({ text }) => text) : [];
  const p = match === undefined ? 0 : probability(match, params) * (extra.length > 0 ? extraFactor : 1);
  const { close, finding, fault } = wordsAbout(match, params.text, extra);
  const measured = { found: close, distance: match?.distance ?? 1, other_legible_words: extra.length };
  return answer(Math.max(0.01, p), measured, finding, fault);
}
