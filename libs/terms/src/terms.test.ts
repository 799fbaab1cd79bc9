import { expect, test } from '@jest/globals';
import { presentTerms, termKey } from './terms.ts';

test.each([
  ['whatever the case', 'A cup by ACME', ['acme'], ['acme']],
  ['however the words are spaced', 'red \n\t apples', ['Red Apples'], ['Red Apples']],
  ['as words of their own', 'a cart of red apples', ['art', 'apple', 'cart'], ['cart']],
  ['beside punctuation', "Acme's, (acme) acme.", ['acme'], ['acme']],
  ['that hold punctuation themselves', 'a c++ book, not c', ['c++', '.*', 'c'], ['c++', 'c']],
  ['in letters of another width', 'ＡＣＭＥ', ['acme'], ['acme']],
  ['with characters between that nobody sees', 'ac\u200bme, a\u00adcme', ['acme'], ['acme']],
  ['with signs that choose a form and are not seen', 'ac\ufe0fme, ac\u034fme', ['acme'], ['acme']],
  ['in letters of another script', '\u0430\u0441m\u0435, \u0391CME', ['acme'], ['acme']],
  ['in their own script', 'Кот и РОК', ['рок', 'кот', 'pok'], ['рок', 'кот', 'pok']],
  ['struck through', 'a\u0336c\u0336m\u0336e\u0336', ['acme'], ['acme']],
  ['with dashes for blanks', 'a rival-brand, a rival\u2013brand', ['rival brand'], ['rival brand']],
  ['with accents that make another word', 'paté', ['pate'], []],
  ['whatever the quotation marks', 'the “best” tea', ['"best" tea'], ['"best" tea']],
  ['in scripts without spaces', '赤い林檎の絵', ['林檎'], ['林檎']],
  ['and none of blanks', 'a  b', [' ', ''], []],
])('terms are found %s', (_, text, terms, expected) => {
  expect(presentTerms(text, terms)).toEqual(expected);
});

test('spellings of one term have one key', () => {
  expect(new Set(['Acme', ' ACME ', 'acme', 'ａcme', 'ac\u200bme'].map(termKey))).toEqual(new Set(['acme']));
  expect(termKey('red  apples')).toBe('red apples');
});
