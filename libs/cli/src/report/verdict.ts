import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { type Change, changeOf } from '../generation/changes.ts';
import { askerWords, formatP, thresholdWords } from '../generation/judge-words.ts';
import { type Html, html, type Part } from './html.ts';
import { badge } from './parts.ts';
import { verdictWords } from './words.ts';

const changes: Readonly<Record<Exclude<Change, ''>, { readonly sign: string; readonly word: string }>> = {
  mended: { sign: '▲', word: 'mended' },
  broke: { sign: '▼', word: 'broke' },
  changed: { sign: '◆', word: 'changed' },
};

/** The verdict on one question: what it comes to, p, what changed against the image before, and what is wrong. */
export function verdictCell(answer: Answer, before: Answer | undefined): Html {
  const change = changeOf(answer, before);
  return html`<div class="verdict">${badge(verdictWords(answer))} ${pWords(answer)}${
    change === ''
      ? undefined
      : html` <span class="change ${change}"><span aria-hidden="true">${changes[change].sign}</span> ${changes[change].word}</span>`
  }${answer.looks > 1 && html` <span class="note">looked at twice</span>`}</div>
${pBar(answer)}${answer.critique !== '' && html`<p class="critique said">${answer.critique}</p>`}`;
}

/** The same in a few words, for a candidate that is not the best of its round. */
export function shortVerdict(answer: Answer): Html {
  const { sign, tone, word } = verdictWords(answer);
  return html`<span class="${tone}"><span aria-hidden="true">${sign}</span> ${word}</span> ${pWords(answer)}`;
}

function pWords({ pExpected }: Answer): Part {
  return pExpected !== undefined && html`<span class="p">p ${formatP(pExpected)}</span>`;
}

/** p as a bar, with the band in which nothing is decided. The number stands beside it. */
function pBar({ pExpected, passThreshold, uncertainMargin }: Answer): Part {
  if (pExpected === undefined) return undefined;
  const at = (value: number) => (100 * Math.min(1, Math.max(0, value))).toFixed(1);
  const low = Math.max(0, passThreshold - uncertainMargin);
  const width = Math.min(1, passThreshold + uncertainMargin) - low;
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="100" height="8"/><rect class="bar-value" width="${at(pExpected)}" height="8"/><rect class="bar-band" x="${at(low)}" width="${at(Math.max(0.01, width))}" height="8"/></svg>
`;
}

/** What a question asks, whether it must pass, and who asks. What it takes to pass stands with who answered. */
export function questionHead(answer: Answer): Html {
  const { text, questionId, required, weight, expectedAnswer, askedBy } = answer;
  const notes = [
    required ? 'required' : `counts ${weight}`,
    expectedAnswer === ExpectedAnswer.NO ? 'no is good' : '',
    askerWords(askedBy),
  ];
  return html`<span class="question-text said">${text || questionId}</span>
<span class="note">${[questionId, ...notes].filter(Boolean).join(' · ')}</span>`;
}

/** What it takes to pass a question, and how it is answered. */
export function questionFacts(answer: Answer): string {
  const { category, dependsOn, check, faultScope, askedBy } = answer;
  return [
    askedBy === '' ? '' : `asked by ${askedBy}`,
    thresholdWords(answer),
    check === '' ? '' : `check ${check}`,
    category,
    dependsOn.length === 0 ? '' : `only where ${dependsOn.join(', ')} passes`,
    faultScope === FaultScope.LOCAL ? 'a fault concerns a part of the picture' : '',
  ]
    .filter(Boolean)
    .join('; ');
}
