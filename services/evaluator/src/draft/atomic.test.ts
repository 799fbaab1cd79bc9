import { expect, test } from '@jest/globals';
import { atomicityFaults } from './atomic.ts';

test.each([
  'Is there a dog?',
  'Are there three white flowers?',
  'Is the dog brown?',
  'Does the dog wear a hat?',
  'Do the letters glow?',
  'Has the vase two handles?',
  'Have the trees lost their leaves?',
  'Can the price be read?',
  'Was the photograph taken at night?',
  'Is the dog on the sofa?',
  'Is the man to the left of the horse?',
  // Quotations are data.
  'Does the sign say "no dogs, cats or birds?"?',
  'Does the sign say “do not touch”?',
  "Is there a letter 'q'?",
  "Does the label say 'salt and pepper'?",
  'Does the poster read "a very long sentence that has many more words than any question would ever be allowed to have by itself"?',
  "Are the dogs' bowls next to the cats' bowls?",
  "Is the rooster's body black?",
  // So are variables.
  'Is the subject {{ item }}?',
  'Are there exactly {{ count }} {{ item }}?',
  'Does the banner read "{{ headline }}"?',
  // Two colours are one colouring, two ends one place.
  'Is the cat black and white?',
  'Is the hat dark red and light gray striped?',
  'Is the cup between the plate and the glass?',
  // Marks within numbers.
  'Is the aspect ratio 16:9?',
  'Is the price 20,000 dollars?',
  'Is the date 11/28?',
  // Numbers are not denials.
  'Is the bottle labelled No. 5?',
  // A pointing word is no clause.
  'Is that building a church?',
  'Is the pose almost that of a dancer?',
  // Everything is in the picture.
  'Is there a dog in the picture?',
  'Does the image show a dog?',
  'Does the photo show a dog in this photo?',
  // Of does not place.
  'Is there a pair of shoes?',
  'Is there a dining table?',
  // Words that only look like refused ones.
  'Is the knot tied?',
  'Is the sand yellow?',
  'Is the orchid white?',
  'Is the button round?',
  'Is the nose red?',
])('%s is atomic', (text) => {
  expect(atomicityFaults(text)).toEqual([]);
});

test.each([
  ['two things', 'Is the dog brown and happy?', 'more than one thing ("and")'],
  ['two predicates', 'Is the dog brown and does it sit?', 'more than one thing ("and")'],
  ['alternatives', 'Is the dog brown or black?', 'more than one thing ("or")'],
  ['a contrast', 'Is the dog small but strong?', 'more than one thing ("but")'],
  ['company', 'Is the dog as well as the cat asleep?', 'more than one thing ("as well as")'],
  ['an ampersand', 'Is the dog brown & happy?', 'more than one thing ("&")'],
  ['a list', 'Are the dog, the cat asleep?', 'more than one thing (",")'],
  ['a slash', 'Is the dog brown/black?', 'more than one thing ("/")'],
  ['a semicolon', 'Is the dog brown; happy?', 'more than one thing (";")'],
  [
    'three colours with a thing between',
    'Is the cat black and white and fat?',
    'more than one thing ("and")',
  ],
  ['two places', 'Is the cup between the plate and the glass and red?', 'more than one thing ("and")'],
  ['a denial', 'Is the dog not brown?', 'denies something ("not")'],
  ['a contraction', "Isn't the dog brown?", 'denies something'],
  ['a curly contraction', 'Doesn’t the dog sit?', 'denies something'],
  ['none of something', 'Are there no people?', 'denies something ("no")'],
  ['a lack', 'Is the table without a cloth?', 'denies something ("without")'],
  ['freedom from something', 'Is the picture free of lettering?', 'denies something ("free of")'],
  ['an open count', 'How many dogs are there?', 'asks for a number'],
  ['an open count within', 'Can you say how many dogs are there?', 'asks for a number'],
  ['another open question', 'What colour is the dog?', 'must begin with'],
  ['a statement', 'The dog is brown.', 'must end in its only question mark'],
  ['no question mark', 'Is the dog brown', 'must end in its only question mark'],
  ['two questions', 'Is the dog brown? Is it happy?', 'must end in its only question mark'],
  ['words after the question mark', 'Is the dog brown? Yes.', 'must end in its only question mark'],
  ['a command', 'Answer yes, is the dog brown?', 'must begin with'],
  ['nothing', '', 'must end in its only question mark'],
  ['a mark alone', '?', 'must end in its only question mark'],
  ['an open quotation', 'Does the sign say "no dogs?', 'a quotation mark is left open'],
  ['a relative clause', 'Is there a dog that wears a hat?', 'second clause ("that")'],
  ['another', 'Is the man who holds the dog tall?', 'second clause ("who")'],
  ['a condition', 'Is the dog brown if it is there?', 'second clause ("if")'],
  ['a time', 'Is the dog asleep while the cat plays?', 'second clause ("while")'],
  ['a place of what is there', 'Is there a dog on a sofa?', 'whether something is there, and more ("on")'],
  ['what it wears', 'Is there a dog wearing a hat?', 'whether something is there, and more ("wearing")'],
  ['what it does', 'Is there a man riding a horse?', 'whether something is there, and more ("riding a")'],
  ['the same in other words', 'Does the image show a dog on a sofa?', 'whether something is there, and more'],
  ['a place before the picture', 'Is there a dog under a tree in the picture?', 'and more ("under")'],
  ['too many words', `Is the ${'very '.repeat(18)}big dog brown?`, 'has 23 words; at most 20'],
])('%s is not: %s', (_, text, fault) => {
  expect(atomicityFaults(text).join(' | ')).toContain(fault);
});

test('every fault is told', () => {
  expect(atomicityFaults('Which dog is not brown and happy')).toHaveLength(5);
});
