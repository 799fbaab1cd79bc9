import {
  ExpectedAnswer,
  type Question,
  QuestionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { formatValue } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { labelled, plain } from '../output/text.ts';

/** Questions for programs, in the form of the contract. */
export function questionsJson(questions: readonly Question[]): JsonValue {
  return questions.map((question) => toJson(QuestionSchema, question) as JsonValue);
}

/** A question as it would be asked, with who answers it and what it waits for. */
export function questionLines(question: Question, style: Style, width: number): string[] {
  const { id, text, expectedAnswer, required, dependsOn, negatedText, hint } = question;
  const expected = expectedAnswer === ExpectedAnswer.NO ? 'no' : 'yes';
  const about = [
    required ? 'required' : 'not required',
    `hopes for ${expected}`,
    ...(dependsOn.length === 0 ? [] : [`after ${dependsOn.join(', ')}`]),
  ];
  return [
    '',
    `${style.bold(id)}  ${style.dim(about.join('; '))}`,
    ...labelled('asks', plain(text), width),
    ...(negatedText === '' ? [] : labelled('twin', plain(negatedText), width)),
    ...labelled('by', answeredBy(question), width),
    ...(hint === '' ? [] : labelled('hint', plain(hint), width)),
  ];
}

function answeredBy({ check, openCount, showReferences }: Question): string {
  if (check !== undefined) {
    const parameters = Object.entries(check.parameters ?? {}).map(
      ([name, value]) => `${name} ${formatValue(value)}`,
    );
    return plain([`the check ${check.kind}`, ...parameters].join(', '));
  }
  const shown = showReferences ? ', shown the reference images' : '';
  if (openCount === undefined) return `a judge that sees${shown}`;
  const { of, expected, tolerance } = openCount;
  const give = tolerance === 0 ? '' : `, give or take ${tolerance}`;
  return plain(`a judge that counts ${of}${shown}: ${expected}${give}`);
}
