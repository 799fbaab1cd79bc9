const SMALL = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];

const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** Further words that say a number where things are counted. */
const ALSO: Readonly<Record<number, readonly string[]>> = {
  1: ['a', 'an', 'single'],
  2: ['pair', 'couple', 'both'],
  12: ['dozen'],
  100: ['hundred'],
};

/** Whether a text says a number: in digits, or in English words up to a hundred. */
export function saysNumber(text: string, number: number): boolean {
  return digitsPattern(number).test(text) || wordsFor(number).some((word) => hasWord(text, word));
}

function digitsPattern(number: number): RegExp {
  const [whole = '', fraction] = String(number).split('.');
  // Thousands may be set apart: 12000, 12,000 and 12 000 are the same.
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "[,. '\u202f\u00a0]?");
  const rest = fraction === undefined ? '(?:[.,]0+)?' : `[.,]${fraction}0*`;
  // 3 is neither in 13 nor in 3.5, and 3. at the end of a sentence is 3.
  return new RegExp(`(?<![\\p{N}]|[\\p{N}][.,])${grouped}${rest}(?![\\p{N}]|[.,][\\p{N}])`, 'u');
}

function wordsFor(number: number): readonly string[] {
  if (!Number.isInteger(number) || number < 0 || number > 100) return [];
  return [...(number < 100 ? [inWords(number)] : []), ...(ALSO[number] ?? [])];
}

function inWords(number: number): string {
  const small = SMALL[number];
  if (small !== undefined) return small;
  const ones = number % 10;
  const tens = TENS[Math.floor(number / 10)] ?? '';
  return ones === 0 ? tens : `${tens}[- ]${SMALL[ones]}`;
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
