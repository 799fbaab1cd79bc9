import { isQuoteOpen, masked } from './mask.ts';

/** Most words of a question; a quotation or a variable counts as one. The longest of the 8,182 of DSG has 20. */
const MAX_WORDS = 20;

const AUXILIARY = /^(is|are|was|were|do|does|did|has|have|had|can)$/i;

const NEGATION =
  /\b(not|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|lacks?|lacking|absent|absence|devoid|\w+n['’]t)\b|\bfree (of|from)\b|\bno\b(?!\.? ?\d)/i;

const OPEN = /\bhow (many|much)\b/i;

/** Words that join, and marks that do. Commas and slashes between digits belong to a number. */
const COORDINATION =
  /\b(and|or|but|as well as|along with|together with|in addition to)\b|&|;|(?<!\d),|,(?!\d)|(?<!\d)\/|\/(?!\d)/i;

/** A second claim with a verb of its own. A `that` right after the auxiliary points at something, and `that of` stands for it. */
const CLAUSE =
  /\b(who|whom|whose|which|whether|while|whereas|because|although|though|unless|if|when|where)\b|(?<!^\w+ )\bthat\b(?! of\b)(?=\s+\w)/i;

/** Ways to ask whether something is there. */
const PICTURE = '(image|picture|photo|photograph|scene|frame|illustration|drawing|painting|shot)';
const EXISTENCE = new RegExp(
  `^((is|are|was|were) there|(does|do|did) (the|this) ${PICTURE} (show|contain|depict|feature|include)|can (you|one|we) see|do (you|we) see)\\b`,
  'i',
);

/** Where everything is, so that saying so claims nothing. */
const IN_THE_PICTURE = new RegExp(`\\b(in|of|on|within) (the|this) ${PICTURE}(?=\\?*$)`, 'i');

/** What else a question of existence says of the thing: where it is, what it has, what it does. */
const FURTHER_CLAIM =
  /\b(on|in|inside|within|at|under|underneath|beneath|behind|beside|besides|above|below|near|nearby|over|around|between|among|against|across|through|along|next to|in front|with|wearing|holding|made of|made from)\b|\b\w+ing (a|an|the|his|her|its|their|on|in|at|by|to|toward|towards|into|from|over)\b/i;

const SHADE = '(?:(?:light|dark|pale|deep|bright|vivid|soft) )?';
/** The basic colour terms of Berlin and Kay (1969), and those that name hardly anything but a colour. */
const COLOUR =
  '(?:black|white|gr[ae]y|red|orange|yellow|green|blue|purple|pink|brown|beige|violet|turquoise|teal|gold|silver)';
/** Two colours of one thing are one colouring. */
const TWO_COLOURS = new RegExp(`\\b${SHADE}${COLOUR} and ${SHADE}${COLOUR}\\b`, 'gi');
/** A place between two things is one place. */
const BETWEEN = /\bbetween (?:(?! and )[^,;?])+ and /gi;

/**
 * What keeps a question from being atomic, that is from making one claim of which a picture shows at once whether it holds;
 * nothing where it is atomic. Quotations and variables count as one word each, and what is in them does not count. A question
 *
 * - ends in its only question mark, and no quotation mark is left open;
 * - begins with a form of be, do or have, or with can;
 * - has at most 20 words;
 * - denies nothing: none of not, no, never, none, without, lacks, free of and the like;
 * - asks for no number (how many, how much);
 * - joins nothing: no and, or, but, as well as, along with, comma, semicolon, ampersand or slash, but for two colours of one
 *   thing ("black and white"), the two ends of between, and marks within a number;
 * - has one clause: no relative pronoun (who, which, that) and no subordinating word (while, because, if, when, where);
 * - where it asks whether something is there, names that and nothing else: not where it is, what it has, or what it does,
 *   which are claims of their own that depend on this one. "In the picture" claims nothing.
 *
 * The rule looks at words, not at meaning: it lets through what an adjective adds to a noun ("three white flowers"), and
 * refuses the few names that have a joining word in them outside of quotation marks ("arts and crafts").
 */
export function atomicityFaults(text: string): string[] {
  const question = masked(text);
  const words = question.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word));
  const faults: string[] = [];
  if (!/^[^?]+\?$/.test(question)) faults.push('it must end in its only question mark');
  if (isQuoteOpen(text)) faults.push('a quotation mark is left open');
  if (!AUXILIARY.test(words[0] ?? '')) faults.push('it must begin with is, are, does, do, has, have or can');
  if (words.length > MAX_WORDS) faults.push(`it has ${words.length} words; at most ${MAX_WORDS} are allowed`);
  const denies = NEGATION.exec(question);
  if (denies !== null) faults.push(`it denies something ("${denies[0]}"); ask for what must be there`);
  if (OPEN.test(question)) faults.push('it asks for a number; ask whether there are so many');
  const joins = COORDINATION.exec(
    question.replaceAll(TWO_COLOURS, 'COLOURS').replaceAll(BETWEEN, 'between '),
  );
  if (joins !== null) faults.push(`it asks more than one thing ("${joins[0]}"); make one question of each`);
  const clause = CLAUSE.exec(question);
  if (clause !== null)
    faults.push(`it has a second clause ("${clause[0]}"); make a question of it that depends on this one`);
  const further = furtherClaim(question);
  if (further !== undefined) {
    faults.push(
      `it asks whether something is there, and more ("${further}"); ask that in a question that depends on this one`,
    );
  }
  return faults;
}

function furtherClaim(question: string): string | undefined {
  if (!EXISTENCE.test(question)) return undefined;
  const rest = question.replace(EXISTENCE, '').replace(IN_THE_PICTURE, '');
  return FURTHER_CLAIM.exec(rest)?.[0];
}
