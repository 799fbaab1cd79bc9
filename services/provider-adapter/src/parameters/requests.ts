import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { type Draft, nativeCapability, record } from './draft.ts';
import { fitSeed } from './fit.ts';
import type { AskedFields } from './layers.ts';
import { paths, send } from './send.ts';

/** A candidate to make, as far as translation knows it. */
export interface CandidateSeed {
  /** Seed of this candidate; where there is none it derives from the asked seed, if there is one. */
  readonly seed?: number | undefined;
}

/** One native request: its body, and which candidates it makes, by their position. */
export interface PlannedRequest {
  readonly body: JsonObject;
  readonly candidates: readonly number[];
  /** Seed that is sent, in the unified range. */
  readonly seed: number | undefined;
}

/**
 * Splits candidates into native requests. A model that makes several images in one request gets them so, unless it takes
 * a seed: then each candidate has a request of its own, as each has a seed of its own, by which it can be made again.
 */
export function planRequests(
  draft: Draft,
  asked: AskedFields,
  candidates: readonly CandidateSeed[],
): PlannedRequest[] {
  const seeds = nativeCapability(draft, 'seed');
  const counts = nativeCapability(draft, 'count');
  const perRequest = seeds === undefined && counts !== undefined ? draft.model.maxImagesPerRequest : 1;
  recordCount(draft, asked, candidates.length, perRequest);
  recordSeed(draft, asked, candidates);
  const planned: PlannedRequest[] = [];
  for (let start = 0; start < candidates.length; start += perRequest) {
    const group = candidates.slice(start, start + perRequest);
    const body = structuredClone(draft.body);
    const seed = seeds && candidateSeed(draft, asked, candidates, start);
    if (seeds !== undefined && seed !== undefined) send({ ...draft, body }, seeds, seed);
    if (counts !== undefined) send({ ...draft, body }, counts, group.length);
    planned.push({ body, candidates: group.map((_, index) => start + index), seed });
  }
  return planned;
}

function candidateSeed(
  draft: Draft,
  asked: AskedFields,
  candidates: readonly CandidateSeed[],
  index: number,
): number | undefined {
  const seeds = nativeCapability(draft, 'seed');
  const given = candidates[index]?.seed;
  const base = draft.effective.seed ?? asked.seed?.value;
  const seed = given ?? (base === undefined ? undefined : (base + index) % (Number.MAX_SAFE_INTEGER + 1));
  return seed === undefined || seeds === undefined ? seed : fitSeed(seed, seeds);
}

function recordCount(draft: Draft, asked: AskedFields, candidates: number, perRequest: number): void {
  const { count } = asked;
  if (count === undefined) return;
  draft.effective.count = count.value;
  const counts = nativeCapability(draft, 'count');
  const isNative = counts !== undefined && perRequest >= Math.min(count.value, candidates);
  const requests = Math.ceil(candidates / perRequest);
  const why =
    counts !== undefined && perRequest === 1 && draft.model.maxImagesPerRequest > 1
      ? 'one request for each image, so that each has its own seed'
      : `${draft.model.name} makes at most ${perRequest} in one request: ${requests} requests`;
  record(
    draft,
    'count',
    isNative || count.value === 1 ? FieldDisposition.NATIVE : FieldDisposition.EMULATED,
    {
      asked: count.value,
      sent: counts === undefined ? null : Math.min(perRequest, candidates),
      nativeField: counts === undefined ? '' : paths(counts),
      source: count.source,
      reason: isNative || count.value === 1 ? '' : why,
    },
  );
}

/** A seed that the platform derived is nobody's wish: where the model has none, that is recorded and never refused. */
function recordSeed(draft: Draft, asked: AskedFields, candidates: readonly CandidateSeed[]): void {
  const given = candidates.find(({ seed }) => seed !== undefined)?.seed;
  if (given === undefined || asked.seed !== undefined) return;
  const seeds = nativeCapability(draft, 'seed');
  const sent = seeds && fitSeed(given, seeds);
  record(draft, 'seed', sent === undefined ? FieldDisposition.DROPPED : FieldDisposition.NATIVE, {
    asked: given,
    sent: sent ?? null,
    nativeField: seeds === undefined ? '' : paths(seeds),
    source: ValueSource.PLATFORM,
    reason: sent === undefined ? `${draft.model.name} has no seed` : 'derived for the candidate',
  });
}
