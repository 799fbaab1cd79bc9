import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { WORDS } from './instructions.ts';

/** How an answer is to be given: yes or no, a number, or what is written in the picture. */
export type Form = 'yes_no' | 'count' | 'read';

/** One thing that a model is asked. A question is one, or two with its polarity twin. */
export interface Item {
  /** Position of its question in what the judge was asked. */
  readonly question: number;
  readonly isTwin: boolean;
  readonly form: Form;
  /** As the model reads it. */
  readonly text: string;
  /** What the answer will be compared with. It must not be told by anything that is asked beside. */
  readonly secret: string;
  readonly showReferences: boolean;
}

/** What a model is asked for some questions. */
export function itemsOf(questions: readonly Question[]): Item[] {
  return questions.flatMap(itemsOfOne);
}

function itemsOfOne(asked: Question, question: number): Item[] {
  const { text, negatedText, openCount, check, showReferences } = asked;
  const common = { question, isTwin: false, secret: '', showReferences };
  if (check !== undefined) {
    // The same for every reading, so that it cannot tell what is hoped for.
    const secret = String(check.parameters?.text ?? '');
    return [{ ...common, form: 'read', text: WORDS.read, secret, showReferences: false }];
  }
  if (openCount !== undefined) {
    return [{ ...common, form: 'count', text: WORDS.count(openCount.of), secret: openCount.expected }];
  }
  const own: Item = { ...common, form: 'yes_no', text };
  return negatedText === '' ? [own] : [own, { ...own, isTwin: true, text: negatedText }];
}

const NUMBER_WORDS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

/**
 * Whether two items must not be asked in one call: a question beside its polarity twin, which a model would answer by logic
 * and not by looking, and an open question beside one that tells what it ought to find.
 */
export function mustBeApart(one: Item, other: Item): boolean {
  const areTwins = one.question === other.question && one.isTwin !== other.isTwin;
  return areTwins || tells(one, other) || tells(other, one);
}

/** Whether the words of one give away what the other is compared with. */
function tells({ text }: Item, { form, secret }: Item): boolean {
  if (form === 'yes_no' || secret === '') return false;
  const words = folded(text);
  if (form === 'read') return words.includes(folded(secret));
  const number = Number(secret);
  return words.includes(folded(secret)) || words.includes(folded(NUMBER_WORDS[number] ?? secret));
}

/** Letters and digits in lower case, words between single spaces, so that whole words can be looked for. */
function folded(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}
