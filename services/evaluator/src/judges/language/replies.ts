import type { OpenCount, Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { checkReading } from '../../checks/index.ts';
import { expectedCount } from '../../rubric/open-count.ts';
import { expectsNo } from '../../scoring/answers.ts';
import type { AnsweredReply, JudgeReply } from '../judge.ts';
import type { ItemResult } from './ask-items.ts';

type Answered = Extract<ItemResult, { kind: 'answered' }>;

/** Share of asks that found a fault, from which on their words are told. */
const TELLING_SHARE = 0.25;

/** What the asks of a question, and of its polarity twin where there is one, come to. */
export function replyOf(
  question: Question,
  own: ItemResult | undefined,
  twin: ItemResult | undefined,
): JudgeReply {
  const lack = [own, twin].find((result) => result?.kind === 'unanswered');
  if (lack?.kind === 'unanswered') return { kind: 'error', critique: lack.critique };
  if (own?.kind !== 'answered') return { kind: 'error', critique: 'The judge was not asked.' };
  if (question.check !== undefined) return readReply(question, own);
  if (question.openCount !== undefined) return countReply(question.openCount, own);
  return twin?.kind === 'answered' ? twinReply(question, own, twin) : yesNoReply(question, own);
}

function yesNoReply(question: Question, own: Answered): AnsweredReply {
  const pYes = own.p ?? shareOf(own, ({ value }) => value === 'yes');
  const fault = expectsNo(question) ? 'yes' : 'no';
  const share = shareOf(own, ({ value }) => value === fault);
  const has = (value: string) => own.answers.find((answer) => answer.value === value);
  const telling = (share > TELLING_SHARE ? has(fault) : undefined) ?? own.answers[0];
  const fix = has('no')?.entry.fix ?? '';
  return answered(own, pYes, telling?.entry.finding ?? '', fix, {});
}

/** A judge that says yes to a question and to its opposite comes to one half, which is uncertain. */
function twinReply(question: Question, own: Answered, twin: Answered): AnsweredReply {
  const reply = yesNoReply(question, own);
  const pYesTwin = twin.p ?? shareOf(twin, ({ value }) => value === 'yes');
  const pYes = (reply.pYes + 1 - pYesTwin) / 2;
  const contradicts = reply.pYes > 0.5 === pYesTwin > 0.5;
  const both = reply.pYes > 0.5 ? 'yes' : 'no';
  const finding = contradicts
    ? `The judge says ${both} to the question and ${both} to its opposite. ${reply.finding}`.trim()
    : reply.finding;
  // What it would ask for was said by a judge that does not know what it sees.
  const critique = contradicts ? '' : reply.critique || fixOf(twin);
  return { ...reply, pYes, pYesTwin, finding, critique };
}

function fixOf({ answers }: Answered): string {
  return answers.find(({ entry }) => entry.fix !== '')?.entry.fix ?? '';
}

function countReply(openCount: OpenCount, own: Answered): AnsweredReply {
  const expected = expectedCount(openCount) ?? Number.NaN;
  const numbers = own.answers.map(({ value }) => Number(value));
  const counts = (number: number) => Math.abs(number - expected) <= openCount.tolerance;
  const pYes = own.p ?? numbers.filter(counts).length / numbers.length;
  const seen = mostFrequent(numbers);
  const finding = `The judge counts ${seen} ${openCount.of}.`;
  const wanted = openCount.tolerance === 0 ? `exactly ${expected}` : `about ${expected}`;
  const critique = `The judge counts ${seen} ${openCount.of} instead of ${expected}; ask for ${wanted}, each clearly to be seen.`;
  const several = new Set(numbers).size > 1 ? { counts: numbers.join(', ') } : {};
  const measured = { count: seen, expected_count: expected, ...several };
  return answered(own, pYes, finding, counts(seen) ? '' : critique, measured);
}

/** Of several that are as frequent, the middle one. */
function mostFrequent(numbers: readonly number[]): number {
  const times = (number: number) => numbers.filter((other) => other === number).length;
  const most = Math.max(...numbers.map(times));
  const best = [...new Set(numbers)].filter((number) => times(number) === most).sort((a, b) => a - b);
  return best[Math.floor((best.length - 1) / 2)] ?? 0;
}

/** Readings are compared one by one, by the matching of the check itself. */
function readReply(question: Question, own: Answered): AnsweredReply {
  const checked = own.answers.map(({ value }) => checkReading(question.check?.parameters ?? {}, value));
  const pYes = checked.reduce((sum, each) => sum + each.pYes, 0) / checked.length;
  // The reading that is nearest to what all of them come to speaks for them.
  const [typical] = [...checked].sort((a, b) => Math.abs(a.pYes - pYes) - Math.abs(b.pYes - pYes));
  const { finding = '', critique = '', measured = {} } = typical ?? {};
  return answered(own, pYes, finding, critique, measured);
}

function answered(
  { answers, source }: Answered,
  pYes: number,
  finding: string,
  critique: string,
  measured: AnsweredReply['measured'],
): AnsweredReply {
  return { kind: 'answered', pYes, source, asks: answers.length, critique, finding, measured };
}

function shareOf({ answers }: Answered, counts: (answer: Answered['answers'][number]) => boolean): number {
  return answers.filter(counts).length / answers.length;
}
