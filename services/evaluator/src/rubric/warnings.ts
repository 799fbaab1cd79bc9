import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';

const WORDS = 'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen';
const VARIABLES = String.raw`\{\{-?\s*(?:count|number|quantity|amount)\b[^}]*\}\}`;
const UNITS = 'degrees?|percent|px|pixels?|[cm]?m|inch(?:es)?|years?|dimensional|thirds';

/** A number of things: a word or digits or a variable that is named like a number, and what is counted. */
const NUMBER = new RegExp(
  String.raw`\bhow many\b|\bnumber of\b|(?:\b(?:${WORDS}|[2-9]|[1-9]\d{1,2})|${VARIABLES})\s+(?!(?:${UNITS})\b)(?:\p{L}|\{\{)`,
  'iu',
);

/** Whether a question asks for a number of things. A guess: it leads to a warning and to nothing else. */
function asksForNumber({ text, check, openCount }: Question): boolean {
  return check === undefined && openCount === undefined && NUMBER.test(text);
}

/** What is allowed in questions and still looks wrong. */
export function warningsOf(questions: readonly Question[]): string[] {
  const warnings: string[] = [];
  if (!questions.some(({ required }) => required)) {
    warnings.push('No question is required, so that no image can be approved by them.');
  }
  for (const question of questions) {
    const { id, text, negatedText, check, openCount } = question;
    if (asksForNumber(question)) {
      warnings.push(`The question ${id} asks for a number: vision models count better with open_count.`);
    }
    if (negatedText !== '' && (check !== undefined || openCount !== undefined)) {
      warnings.push(
        `The question ${id} is not put to a vision model as it stands: its negated_text is not asked.`,
      );
    }
    if (negatedText !== '' && negatedText.trim().toLowerCase() === text.trim().toLowerCase()) {
      warnings.push(
        `The negated_text of the question ${id} is its text: its answer will always be uncertain.`,
      );
    }
  }
  return warnings;
}
