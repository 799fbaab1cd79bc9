import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Candidate } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Style } from '../output/style.ts';
import { plain, wrap } from '../output/text.ts';
import { askerWords, formatP } from './judge-words.ts';
import { answerDetail } from './verbose-lines.ts';

type Mark = { readonly sign: string; readonly look: keyof Style; readonly word: string };

const marks: Readonly<Record<number, Mark>> = {
  [Verdict.PASS]: { sign: '✓', look: 'green', word: '' },
  [Verdict.FAIL]: { sign: '✗', look: 'red', word: '' },
  [Verdict.UNCERTAIN]: { sign: '?', look: 'yellow', word: 'uncertain' },
  [Verdict.NOT_APPLICABLE]: { sign: '-', look: 'dim', word: 'not applicable' },
  [Verdict.CANNOT_JUDGE]: { sign: '?', look: 'yellow', word: 'no judge can answer' },
  [Verdict.JUDGE_ERROR]: { sign: '!', look: 'yellow', word: 'the judge failed' },
};

/** The sign of a verdict, and a word where the sign alone would not do. */
export function markOf(verdict: number): Mark {
  return marks[verdict] ?? unknown;
}

const unknown: Mark = { sign: '?', look: 'yellow', word: 'no verdict' };

/** The verdict on a candidate in a line: how many of its required questions pass. */
export function scoreLine({ score, answers }: Candidate, style: Style): string {
  if (score === undefined || answers.length === 0) return style.dim('not judged');
  if (score.requiredTotal === 0) return 'no required questions';
  const words = `${score.requiredPasses} of ${score.requiredTotal} required questions pass`;
  return score.allRequiredPass ? style.green(words) : style.red(words);
}

/** One line for each question, with what is wrong under those that do not pass; verbose, with who asked and who answered. */
export function answerLines(
  answers: readonly Answer[],
  style: Style,
  width: number,
  indent = 11,
  verbose = false,
): string[] {
  const margin = ' '.repeat(indent);
  const idWidth = Math.max(0, ...answers.map(({ questionId }) => questionId.length));
  return answers.flatMap((answer) => {
    const { sign, look, word } = markOf(answer.verdict);
    const notes = [
      word,
      answer.required ? '' : 'not required',
      expected(answer),
      probability(answer, verbose),
      answer.looks > 1 ? 'looked at twice' : '',
      askerWords(answer.askedBy),
    ];
    const note = notes.filter(Boolean).join(', ');
    const head = `${style[look](sign)} ${answer.questionId.padEnd(idWidth)}  ${plain(answer.text)}`;
    const critique = wrap(plain(answer.critique), Math.max(40, width - indent - 4));
    return [
      `${margin}${head}${note === '' ? '' : style.dim(` (${note})`)}`,
      ...(answer.critique === '' ? [] : critique.map((line) => `${margin}    ${style[look](line)}`)),
      ...(verbose ? answerDetail(answer, style, width, indent + 4) : []),
    ];
  });
}

/** p is told where the verdict leaves one asking how sure it was. */
function probability({ verdict, pExpected, looks }: Answer, always: boolean): string {
  const isTold = always || looks > 1 || verdict === Verdict.FAIL || verdict === Verdict.UNCERTAIN;
  return isTold && pExpected !== undefined ? `p ${formatP(pExpected)}` : '';
}

function expected({ expectedAnswer }: Answer): string {
  return expectedAnswer === ExpectedAnswer.NO ? 'no is good' : '';
}
