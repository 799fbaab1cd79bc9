import type { Answer, JudgeAnswer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Candidate, Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { formatP, sourceWords } from '../generation/judge-words.ts';
import { html, type Part } from './html.ts';
import { badge, dataTable, foldOut } from './parts.ts';
import { questionFacts } from './verdict.ts';
import { verdictWords } from './words.ts';

const HEADINGS = [
  'Question',
  'Asked by',
  'Judge',
  'Verdict',
  'p(yes)',
  'Twin',
  'Where p comes from',
  'What it saw',
];

/** Who asked what and who answered, candidate by candidate, folded away. */
export function answersPart({ rounds }: Generation): Part {
  const judged = rounds.flatMap(({ candidates }) => candidates).filter(({ answers }) => answers.length > 0);
  return judged.length > 0 && judged.map(candidateAnswers);
}

function candidateAnswers({ round, index, answers }: Candidate): Part {
  const title = `Round ${round}, candidate ${index + 1}`;
  const rows = answers.flatMap((answer) => {
    const { judgeAnswers } = answer;
    const of = judgeAnswers.length === 0 ? [undefined] : judgeAnswers;
    return of.map((judge, position) => answerRow(answer, judge, position === 0));
  });
  return foldOut(title, dataTable(`Who answered: ${title.toLowerCase()}`, HEADINGS, rows));
}

/** One judge's answer; the question is told once. */
function answerRow(answer: Answer, judge: JudgeAnswer | undefined, isFirst: boolean): Part[] {
  const question = isFirst
    ? [answer.questionId, questionFacts(answer)]
    : [html`<span class="again">${answer.questionId}</span>`, ''];
  if (judge === undefined)
    return [...question, 'nobody', badge(verdictWords(answer)), '', '', '', answer.critique];
  const { pYes, pYesTwin, look, critique, measured } = judge;
  return [
    ...question,
    html`<code>${judge.judge}</code>`,
    badge(verdictWords(judge)),
    pYes === undefined ? '' : formatP(pYes),
    pYesTwin === undefined ? '' : formatP(pYesTwin),
    [sourceWords(judge), look > 0 ? 'second look' : ''].filter(Boolean).join(', '),
    html`<span class="said">${critique}</span>${measured !== undefined && html` <code class="measured">${JSON.stringify(measured)}</code>`}`,
  ];
}
