import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Candidate,
  type Generation,
  GenerationState,
  OutcomeSchema,
  type Round,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { enumName, formatCost, plural } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { labelled, plain } from '../output/text.ts';
import { endLines } from './end-lines.ts';
import { outcomeMeaning, stopWords } from './outcome.ts';
import { candidateLines, promptLines, roundTitle, verdictLines } from './round-lines.ts';

/** Why a generation ended as it did: every round with its prompt, verdicts and changes, and the end in words. */
export function explainLines(generation: Generation, style: Style, width: number): string[] {
  const { rounds } = generation;
  return [
    ...askedLines(generation, width),
    ...rounds.flatMap((round, index) => roundLines(round, rounds.slice(0, index), style, width)),
    '',
    ...endLines(generation, style, width),
    '',
    ...labelled('', whyWords(generation), width, 0, 0),
    ...versionLines(generation, width),
  ];
}

function askedLines({ name, request, model }: Generation, width: number): string[] {
  const input = request?.brief?.input;
  const brief =
    input?.case === 'prompt' ? `"${plain(input.value)}"` : plain(JSON.stringify(input?.value ?? {}));
  const style = Object.entries(request?.brief?.style ?? {}).map(([key, value]) => `${key}: ${value}`);
  return [
    name,
    ...labelled('asked', brief, width),
    ...(style.length === 0 ? [] : labelled('style', plain(style.join('; ')), width)),
    ...labelled('project', [request?.project, request?.subjectId].filter(Boolean).join(', '), width),
    ...(model === '' ? [] : labelled('model', model, width)),
  ];
}

function roundLines(round: Round, earlier: readonly Round[], style: Style, width: number): string[] {
  return [
    '',
    roundTitle(round, style),
    ...(round.rationale === '' ? [] : labelled('changed', plain(round.rationale), width)),
    ...promptLines(round.prompt, round.receipt, width),
    ...round.candidates.flatMap((candidate) => [
      ...(round.candidates.length > 1 ? [style.dim(`  candidate ${candidate.index + 1}`)] : []),
      ...candidateLines(candidate, width),
      ...(candidate.answers.length === 0 ? [] : verdictLines(candidate, style, width)),
    ]),
    ...effectLines(round, earlier, width),
    ...(round.cost === undefined ? [] : labelled('cost', formatCost(round.cost), width)),
  ];
}

/** What the change brought, against the best of the rounds before. */
function effectLines(round: Round, earlier: readonly Round[], width: number): string[] {
  const [before, now] = [best(earlier), best([round])];
  if (before === undefined || now === undefined) return [];
  const old = verdicts(before);
  const mended = [...verdicts(now)].filter(([id, pass]) => pass && old.get(id) === false).map(([id]) => id);
  const broken = [...verdicts(now)].filter(([id, pass]) => !pass && old.get(id) === true).map(([id]) => id);
  const words = [
    mended.length > 0 ? `mended ${mended.join(', ')}` : '',
    broken.length > 0 ? `broke ${broken.join(', ')}` : '',
  ].filter(Boolean);
  const verdict = round.accepted ? 'the round counts' : 'the round does not count; the best before it stays';
  return labelled('effect', `${words.join('; ') || 'no verdict changed'}: ${verdict}`, width);
}

/** The candidate that ranks first among these rounds. */
function best(rounds: readonly Round[]): Candidate | undefined {
  return rounds
    .flatMap(({ candidates }) => candidates)
    .filter(({ answers }) => answers.length > 0)
    .sort((a, b) => (a.rank || Number.MAX_SAFE_INTEGER) - (b.rank || Number.MAX_SAFE_INTEGER))[0];
}

/** Whether each question of a candidate passes; what was not decided is left out. */
function verdicts({ answers }: Candidate): Map<string, boolean> {
  const decided = answers.filter(({ verdict }) => verdict === Verdict.PASS || verdict === Verdict.FAIL);
  return new Map(decided.map(({ questionId, verdict }) => [questionId, verdict === Verdict.PASS]));
}

function whyWords({ state, outcome, stopReason, rounds, failedQuestions, cost }: Generation): string {
  if (state !== GenerationState.ENDED) return 'It has not ended yet.';
  const images = rounds.flatMap(({ candidates }) => candidates).filter(({ image }) => image !== undefined);
  const failed = failedQuestions.map(
    ({ questionId, text, critique }) =>
      `"${plain(text) || questionId}"${critique === '' ? '' : ` (${plain(critique)})`}`,
  );
  return [
    `It ended ${enumName(OutcomeSchema, outcome)} because ${stopWords(stopReason)}. ${outcomeMeaning(outcome)}`,
    `It took ${plural(rounds.length, 'round')} and ${plural(images.length, 'image')}, and cost ${formatCost(cost)}.`,
    failed.length === 0 ? '' : `The best image does not pass: ${failed.join('; ')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function versionLines({ versions }: Generation, width: number): string[] {
  if (versions === undefined) return [];
  const { templateVersion, rubricVersion, judges, writers, models, projectRevision } = versions;
  const all = [
    `project revision ${projectRevision}`,
    templateVersion,
    rubricVersion,
    ...models,
    ...writers,
    ...judges,
  ];
  return ['', ...labelled('with', all.filter(Boolean).join(', '), width, 0)];
}
