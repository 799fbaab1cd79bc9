import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Generation, HeldOut, HeldOutLook } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { controlWords, heldOutWords, isSameLook, scoreWords } from '../generation/arm-words.ts';
import { controlRounds } from '../generation/arms.ts';
import { html, type Part } from './html.ts';
import { dataTable, section } from './parts.ts';
import type { PictureSet } from './picture.ts';
import { roundsGrid } from './rounds.ts';
import { verdictCell } from './verdict.ts';

/** What stands beside the cycle and measures it: the word of a judge that took no part, and the control arm. */
export function besidePart(generation: Generation, pictures: PictureSet, level: number): Part {
  const { heldOut, controlArm } = generation;
  const rounds = controlRounds(generation);
  const words = controlArm === undefined ? 'It has not ended yet.' : controlWords(controlArm, generation);
  return html`${heldOut !== undefined && section(level, 'Held-out judge', heldOutPart(heldOut))}${
    (controlArm !== undefined || rounds.length > 0) &&
    section(
      level,
      'Control arm',
      html`<p>${words}</p>
${roundsGrid('The control arm: further images of the first prompt, without refinement', rounds, generation, pictures)}`,
    )
  }`;
}

function heldOutPart(heldOut: HeldOut): Part {
  const { first, result } = heldOut;
  const looks = (isSameLook(first, result) ? [result] : [first, result]).filter((look) => look !== undefined);
  const titles = looks.map((look) => lookTitle(look, look === result));
  const asked = new Map(
    looks.flatMap(({ answers }) => answers.map((answer) => [answer.questionId, answer] as const)),
  );
  const rows = [...asked.values()].map((question) => [
    html`<span class="said">${question.text || question.questionId}</span>`,
    ...looks.map((look, index) => answerCell(question.questionId, look, looks[index - 1])),
  ]);
  return html`<p>${heldOutWords(heldOut)}</p>
${rows.length > 0 && dataTable(`What ${heldOut.judge} answers`, ['Question', ...titles], [...rows, ['Score', ...looks.map(({ score }) => scoreWords(score))]], { lastIsTotal: true })}`;
}

function lookTitle({ round, index }: HeldOutLook, isResult: boolean): string {
  const words = isResult ? 'The result' : 'The best of round 0';
  return `${words} (round ${round}, candidate ${index + 1})`;
}

function answerCell(id: string, look: HeldOutLook, before: HeldOutLook | undefined): Part {
  const of = (answers: readonly Answer[] | undefined) => answers?.find(({ questionId }) => questionId === id);
  const answer = of(look.answers);
  if (answer === undefined) return look.failure || 'not asked';
  return verdictCell(answer, of(before?.answers));
}
