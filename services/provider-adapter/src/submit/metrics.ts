import { Counter, Histogram, type Metrics } from '@atelier/observability';
import {
  type CandidateResult,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Work } from './work.ts';

/** Tells the metrics how a candidate ended. */
export type RecordEnd = (work: Work, result: CandidateResult) => void;

/** Seconds from the first image of a draft model to the last of a slow one with a queue before it. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600];

const STATES = names(CandidateState);
const FAILURES = names(FailureClass);

/**
 * `atelier_provider_candidates_total` by model and outcome (succeeded, refused, cancelled, or the class of a failure), and
 * `atelier_provider_candidate_seconds` from submission to the stored image, by provider.
 */
export function submissionMetrics({ registry }: Metrics): RecordEnd {
  const registers = [registry];
  const ended = new Counter({
    name: 'atelier_provider_candidates_total',
    help: 'Candidates that ended.',
    labelNames: ['model', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'atelier_provider_candidate_seconds',
    help: 'Time from the submission of a candidate to its stored image.',
    labelNames: ['provider'],
    buckets: BUCKETS,
    registers,
  });
  return ({ model }, { state, failure, submitTime, endTime }) => {
    const outcome = failure === undefined ? STATES.get(state) : FAILURES.get(failure.class);
    ended.inc({ model: model.name, outcome: outcome ?? 'unknown' });
    if (state !== CandidateState.SUCCEEDED || submitTime === undefined || endTime === undefined) return;
    seconds.observe({ provider: model.provider }, (timestampMs(endTime) - timestampMs(submitTime)) / 1_000);
  };
}

function names(values: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(values).map(([name, value]) => [value, name.toLowerCase()]));
}
