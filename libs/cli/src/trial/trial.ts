import { ParametersSchema } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Generation, GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { GenerationRequestSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { clone, create } from '@bufbuild/protobuf';
import type { SampleBrief } from '../files/project-dir.ts';
import { cycleRounds, imagesOf } from '../generation/arms.ts';
import { isApproved } from '../generation/outcome.ts';

/** A sample brief with a seed, and what became of it. */
export interface Trial {
  readonly id: string;
  readonly seed: number;
  readonly generation: Generation | undefined;
  /** Why there is none. */
  readonly error: unknown;
}

/** What trials come to together. */
export interface Summary {
  readonly trials: number;
  readonly approved: number;
  /** Approved by an image of the first round. */
  readonly approvedAtFirst: number;
  readonly errors: number;
  /** Rounds and images of the cycles; a control arm's are not among them, though the cost has what they cost. */
  readonly rounds: number;
  readonly images: number;
  /** Absent where the cost of one is unknown. */
  readonly microUsd: bigint | undefined;
}

/** The request of a sample brief with a seed, for a model where one is given. */
export function trialRequest(brief: SampleBrief, seed: number, model: string): GenerationRequest {
  const request = clone(GenerationRequestSchema, brief.request);
  request.parameters = create(ParametersSchema, request.parameters ?? {});
  request.parameters.seed = BigInt(seed);
  if (model !== '') request.model = model;
  request.labels = { ...request.labels, sample: brief.id };
  return request;
}

/** Adds trials up. */
export function summarise(trials: readonly Trial[]): Summary {
  const ended = trials.flatMap(({ generation }) => generation ?? []);
  const approved = ended.filter(isApproved);
  const costs = ended.map(({ cost }) => cost?.microUsd);
  const known = costs.filter((cost) => cost !== undefined);
  return {
    trials: trials.length,
    approved: approved.length,
    approvedAtFirst: approved.filter(({ results }) => results.every(({ round }) => round === 0)).length,
    errors: trials.length - ended.length,
    rounds: ended.reduce((sum, generation) => sum + cycleRounds(generation).length, 0),
    images: ended.reduce((sum, generation) => sum + imageCount(generation), 0),
    microUsd: known.length === costs.length ? known.reduce((sum, cost) => sum + cost, 0n) : undefined,
  };
}

/** Images that a generation's cycle made, over all its rounds. */
export function imageCount(generation: Generation): number {
  return imagesOf(cycleRounds(generation));
}

/** Does the work on each item, so many at once, and gives the results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
