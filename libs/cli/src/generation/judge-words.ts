import {
  type Answer,
  type JudgeAnswer,
  ProbabilitySource,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { plural } from '../output/format.ts';

/** p as it is told everywhere: two decimals. */
export function formatP(p: number): string {
  return p.toFixed(2);
}

/** Who asks a question, where it is not the rubric: the organisation, a project, or the call itself. */
export function askerWords(askedBy: string): string {
  if (askedBy === '' || askedBy.startsWith('rubrics/')) return '';
  if (askedBy === 'organisation') return 'asked by the organisation';
  if (askedBy === 'call') return 'asked by this call';
  return `asked by ${askedBy}`;
}

/** Where a judge's p comes from, and whether it is from an earlier time. */
export function sourceWords({ source, asks, cached }: JudgeAnswer): string {
  const isRepeated = source === ProbabilitySource.REPEATED_ASKS;
  const from = isRepeated
    ? `share of yes over ${asks > 0 ? plural(asks, 'ask') : 'repeated asks'}`
    : (sources[source] ?? '');
  const times = !isRepeated && asks > 1 ? `asked ${asks} times` : '';
  return [from, times, cached ? 'kept from an earlier time' : ''].filter(Boolean).join(', ');
}

const sources: Readonly<Record<number, string>> = {
  [ProbabilitySource.MEASURED]: 'measured of the pixels',
  [ProbabilitySource.LOG_PROBABILITIES]: 'from log-probabilities',
};

/** What one judge answered, in a line: p, its twin, where p comes from, which look. */
export function judgeWords(answer: JudgeAnswer): string {
  const { pYes, pYesTwin, look } = answer;
  return [
    pYes === undefined ? 'no answer' : `p(yes) ${formatP(pYes)}`,
    pYesTwin === undefined ? '' : `twin ${formatP(pYesTwin)}`,
    sourceWords(answer),
    look > 0 ? 'second look' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/**
 * From where on a question passes and up to where it fails. Records from before the margin was kept do not know their
 * fault scope either: of them only the threshold is told.
 */
export function thresholdWords({ passThreshold, uncertainMargin, faultScope }: Answer): string {
  if (faultScope === FaultScope.UNSPECIFIED) return `threshold ${formatP(passThreshold)}`;
  const passes = Math.min(1, passThreshold + uncertainMargin);
  const fails = Math.max(0, passThreshold - uncertainMargin);
  return passes === fails
    ? `passes above ${formatP(passes)}`
    : `passes from ${formatP(passes)}, fails up to ${formatP(fails)}`;
}
