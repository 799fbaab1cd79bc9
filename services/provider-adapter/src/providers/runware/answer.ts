import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { oneImage, reportedSeed } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure, ProviderRefusal } from '../provider.ts';

/** Reads what a task ended in: results, and errors for the images that did not come. */
export async function readResults(
  results: readonly JsonObject[],
  failures: readonly (ProviderFailure | ProviderRefusal)[],
  jobId: string,
  job: Job,
): Promise<ProviderAnswer> {
  const missing = Math.max(0, job.submission.images - results.length);
  const ends = Array.from({ length: missing }, (_, index) => failures[Math.min(index, failures.length - 1)]);
  const images: Produced[] = [];
  for (const result of results) images.push(await oneImage(() => produced(result, job)));
  const microUsd = costOf(results);
  return {
    images: [...images, ...ends.map(ended)],
    jobId,
    ...(microUsd !== undefined && { microUsd }),
  };
}

/** An image that was flagged is not fetched. */
async function produced({ imageURL, seed, NSFWContent }: JsonObject, job: Job): Promise<Produced> {
  if (NSFWContent === true) {
    const message = 'The provider’s checker flagged the image.';
    return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['nsfw'], message } };
  }
  if (typeof imageURL !== 'string' || imageURL === '') return ended(undefined);
  return { kind: 'image', bytes: await job.download(imageURL), seed: reportedSeed(seed) };
}

function ended(end: ProviderFailure | ProviderRefusal | undefined): Produced {
  if (end instanceof ProviderRefusal) return { kind: 'refusal', refusal: end.refusal };
  const failure =
    end ?? new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider ended the task without this image.');
  return { kind: 'failure', failure };
}

/** What the task cost, in millionths of a US dollar: each result tells its own part, in dollars. */
function costOf(results: readonly JsonObject[]): number | undefined {
  const costs = results.map(({ cost }) => cost).filter((cost) => typeof cost === 'number' && cost >= 0);
  if (costs.length === 0 || costs.length < results.length) return undefined;
  return costs.reduce<number>((sum, cost) => sum + (cost as number) * 1_000_000, 0);
}
