import {
  type CandidateResult,
  CandidateState as EndState,
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { CandidateState, RoundState } from './state.ts';

/** Faults of a provider, not of the request: another model may do what this one could not. */
const FALLBACK_CLASSES: ReadonlySet<FailureClass> = new Set([
  FailureClass.AUTH,
  FailureClass.ACCOUNT,
  FailureClass.RATE_LIMITED,
  FailureClass.UNAVAILABLE,
  FailureClass.TIMEOUT,
]);

/** What a round without any image calls for. */
export type EmptyRound =
  /** Moderation refused the input: another attempt would be refused too. */
  | 'refused'
  /** The provider failed: the next model may do. */
  | 'fallback'
  /** Chance may help: moderation refused the outputs, or the answers were broken. */
  | 'resample'
  /** Nothing may help, or money may be lost by trying. */
  | 'failed';

/**
 * What a round without any image calls for. A refusal whose stage the provider does not tell counts as one of the input,
 * so that nothing is sent round a moderation. Outcomes that are unknown are never followed by another try.
 */
export function classifyEmptyRound(round: RoundState): EmptyRound {
  const { candidates } = round;
  if (candidates.some(isInputRefusal)) return 'refused';
  if (candidates.some((candidate) => hasClass(candidate, FailureClass.UNKNOWN_OUTCOME))) return 'failed';
  if (candidates.some(({ result }) => FALLBACK_CLASSES.has(result?.failure?.class ?? 0))) return 'fallback';
  const isChance = (candidate: CandidateState) =>
    candidate.result?.state === EndState.REFUSED || hasClass(candidate, FailureClass.BAD_ANSWER);
  return candidates.some(isChance) ? 'resample' : 'failed';
}

function isInputRefusal({ result }: CandidateState): boolean {
  return result?.state === EndState.REFUSED && result.refusal?.stage !== RefusalStage.OUTPUT;
}

function hasClass({ result }: CandidateState, failure: FailureClass): boolean {
  return result?.failure?.class === failure;
}

/** What the candidates of a round failed of, in words, none twice. */
export function failureText(round: RoundState): string {
  const texts = round.candidates.map(
    ({ result }) => result?.failure?.message || result?.refusal?.message || '',
  );
  return [...new Set(texts.filter((text) => text !== ''))].join('; ');
}

/** How each candidate of a round without any image ended, with class and message; those that ended alike are told once. */
export function endsInWords({ candidates }: RoundState): string {
  const alike = new Map<string, number[]>();
  for (const { index, result } of candidates) {
    const end = endInWords(result);
    alike.set(end, [...(alike.get(end) ?? []), index]);
  }
  return [...alike]
    .map(
      ([end, indexes]) => `${indexes.length === 1 ? 'candidate' : 'candidates'} ${indexes.join(', ')} ${end}`,
    )
    .join('; ');
}

function endInWords(result: CandidateResult | undefined): string {
  if (result?.refusal !== undefined) {
    const { stage, message } = result.refusal;
    const at = stage === RefusalStage.UNSPECIFIED ? '' : ` (${nameOf(RefusalStage, stage)})`;
    return `refused${at}: ${message || NO_WORDS}`;
  }
  const { class: failure, message } = result?.failure ?? { class: FailureClass.UNSPECIFIED, message: '' };
  return `failed (${nameOf(FailureClass, failure)}): ${message || NO_WORDS}`;
}

const NO_WORDS = 'the provider did not say why';

function nameOf(names: Readonly<Record<string, number | string>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}
