const NUMBER_WORDS = [
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
];

/** Words with which the name of a thing ends and the rest of a question goes on. */
const AFTER = 'in|on|at|with|and|or|visible|shown|present|there|altogether|clearly|separate|only';

/**
 * What is counted in a question such as `Are there exactly 3 apples?`; undefined where the question does not say the
 * number.
 */
export function thingsIn(question: string, number: number): string | undefined {
  const word = NUMBER_WORDS[number] ?? 'no such word';
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${number}|${word})\\s+([\\p{L}][\\p{L}\\p{N}'’ -]*?)(?=\\s+(?:${AFTER})(?![\\p{L}])|\\s*[^\\p{L}\\p{N}'’ -]|\\s*$)`,
    'iu',
  );
  const things = pattern.exec(question)?.[1]?.trim();
  return things === undefined || things === '' || things.length > 60 ? undefined : things;
}

/**
 * What an author or a judge asks for: the sentence behind `ask for`, or a hint in the imperative. `There are 2 objects;
 * ask for exactly 3` gives `exactly 3`.
 */
export function askedFor(text: string): string | undefined {
  const asked = /\bask (?:for|that)\s+([^\n]+)/i.exec(text)?.[1];
  return trimmed(asked);
}

const IMPERATIVE =
  /^(?:make|use|put|place|keep|add|remove|draw|set|let|avoid|give|state|write|show|say|describe|name|leave|paint|turn|move|light|fill)\b/i;

/** A line that tells what to do; undefined for one that tells what is wrong. */
export function imperative(line: string): string | undefined {
  return IMPERATIVE.test(line.trim()) ? trimmed(line) : undefined;
}

/**
 * A question as a phrase of what shall be seen: `Is the handle visible?` gives `with the handle visible`. Only for
 * questions that begin with is or are, whose words are in that order already.
 */
export function asPhrase(question: string): string | undefined {
  const rest = /^(?:is|are)\s+(?:there\s+)?([^?]{3,200})\?\s*$/i.exec(question.trim())?.[1];
  return rest === undefined ? undefined : `with ${rest.replace(/^it\b/i, 'the picture')}`;
}

/** What shall not be seen. */
export interface Absence {
  /** As an instruction: `without any watermark`. */
  readonly phrase: string;
  /** The thing by itself, for a negative prompt, where the question is about one: `watermark`. */
  readonly thing?: string;
}

const PICTURE = '(?:the\\s+)?(?:picture|image|photo|photograph|illustration)';

/** Questions after a thing that is in the picture. */
const PRESENCE = new RegExp(
  `^(?:(?:is|are)\\s+there|(?:does|do)\\s+(?:it|${PICTURE})\\s+(?:contain|show|have|include|feature|depict)|(?:can|do)\\s+you\\s+see)\\s+(?:(a|an|any|some)\\s+)?([^?]{3,200})\\?\\s*$`,
  'i',
);

/** Questions after what the picture as a whole is like. */
const WHOLE = new RegExp(`^is\\s+(?:it|this|${PICTURE})\\s+([^?]{3,200})\\?\\s*$`, 'i');

/** Where in the picture a thing is: not part of its name. */
const PLACE = new RegExp(`\\s+(?:anywhere|visible|(?:anywhere\\s+)?in\\s+${PICTURE})$`, 'i');

/** Longest name of a thing, in characters; what is longer is a description. */
const MAX_THING = 60;

/**
 * A question whose hoped-for answer is no, as what shall not be seen: `Is there a watermark?` gives `without any
 * watermark`, `Is it blurry?` gives `the picture is not blurry`, and `Is the cup broken?` gives `without the cup broken`.
 * Undefined for questions in other forms.
 */
export function asAbsence(question: string): Absence | undefined {
  const asked = question.replace(/\s+/g, ' ').trim();
  const [, article, present] = PRESENCE.exec(asked) ?? [];
  if (present !== undefined) {
    const thing = present.replace(PLACE, '');
    return {
      phrase: `without ${article === undefined ? '' : 'any '}${present}`,
      ...(thing.length <= MAX_THING && { thing }),
    };
  }
  const whole = WHOLE.exec(asked)?.[1];
  if (whole !== undefined) return { phrase: `the picture is not ${whole}` };
  const rest = /^(?:is|are)\s+([^?]{3,200})\?\s*$/i.exec(asked)?.[1];
  return rest === undefined ? undefined : { phrase: `without ${rest}` };
}

function trimmed(text: string | undefined): string | undefined {
  const clean = text
    ?.replace(/\s+/g, ' ')
    .trim()
    .replace(/[.;,\s]+$/, '');
  return clean === undefined || clean.length < 3 ? undefined : clean;
}
