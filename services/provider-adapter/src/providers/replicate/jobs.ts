import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { parseProgressFromLogs } from 'replicate';
import type { Job } from '../http/protocol.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { ProviderAnswer } from '../provider.ts';
import { ProviderFailure } from '../provider.ts';
import { readEnd, unknownJob } from './answer.ts';
import { ask } from './client.ts';
import { replicateError } from './errors.ts';
import { askingOf, isOver, type Prediction, readPrediction } from './predictions.ts';

/** Time to tell the provider that a job is not wanted any more, in milliseconds. */
const CANCEL_TIMEOUT_MS = 10_000;

/** A prediction is not known everywhere at once, so that some looks may miss it. */
const MISSES = 4;

/** Submits, and follows the prediction to its end. */
export async function runJob(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const prediction = await submit(wire, job);
  if ((await job.claimJob(prediction.id, true)) === 'taken') {
    const message = 'The answer came so late that its prediction had been taken for that of another request.';
    throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message);
  }
  await job.accepted(prediction.id);
  return isOver(prediction) ? readEnd(prediction, prediction.id, job) : followJob(prediction.id, job, true);
}

/** The one paid request. What comes back broken after it was taken is as good as lost: the job is looked up then. */
async function submit(wire: WireRequest, job: Job): Promise<Prediction & { readonly id: string }> {
  const answer = await job.send(wire);
  if (answer.status < 200 || answer.status > 299) throw await replicateError(answer, job.submission.body);
  try {
    const { json, image } = await readPrediction(answer, job);
    if (typeof json.id === 'string' && json.id !== '') return { json, image, id: json.id };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
  }
  const message = 'The provider took the request, and its answer cannot be read.';
  throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message);
}

/**
 * Follows a prediction by its id. It is cancelled at the provider when it is given up here, unless it is not sure to be
 * ours: then it is only watched.
 */
export async function followJob(id: string, job: Job, isSurelyOurs: boolean): Promise<ProviderAnswer> {
  try {
    let misses = 0;
    const ended = await job.poll(async () => {
      const asked = await ask(askingOf(job), (client) => client.predictions.get(id));
      if (asked === undefined) {
        misses += 1;
        return misses < MISSES ? undefined : 'unknown';
      }
      const prediction: Prediction = { json: asked.value as never, image: asked.image };
      job.progress(progressOf(prediction));
      return isOver(prediction) ? prediction : undefined;
    });
    return ended === 'unknown' ? unknownJob(id, job) : await readEnd(ended, id, job);
  } catch (error) {
    if (isSurelyOurs && job.isGivenUp()) await cancel(id, job);
    throw error;
  }
}

/** How far a prediction is, by the progress bars in its logs. */
function progressOf({ json }: Prediction): number | undefined {
  const { percentage } = parseProgressFromLogs(String(json.logs ?? '')) ?? {};
  return percentage === undefined ? undefined : Math.min(1, Math.max(0, percentage));
}

async function cancel(id: string, job: Job): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
  await ask({ ...askingOf(job), signal }, (client) => client.predictions.cancel(id)).catch(() => {});
}
