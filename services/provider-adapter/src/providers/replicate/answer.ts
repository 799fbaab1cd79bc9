import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import sharp from 'sharp';
import { oneImage } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { type Content, type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { withoutInput } from './errors.ts';
import { leftOut, refusalIn } from './moderation.ts';
import type { Prediction } from './predictions.ts';

/** More of what a model says is not passed on, in characters. */
const MAX_SAID = 300;

/** Reads a prediction that is over, one entry for each image that was asked for. */
export async function readEnd(prediction: Prediction, jobId: string, job: Job): Promise<ProviderAnswer> {
  const { json } = prediction;
  const images = json.status === 'succeeded' ? await succeeded(prediction, job) : all(ended(json, job), job);
  const seconds = (json.metrics as JsonObject | null | undefined)?.predict_time;
  return { images, jobId, ...(typeof seconds === 'number' && { units: { second: seconds } }) };
}

/** The answer for a job that Replicate does not know any more. */
export function unknownJob(jobId: string, job: Job): ProviderAnswer {
  return { images: all(failure('The provider does not know the job any more.'), job), jobId };
}

function all(image: Produced, { submission }: Job): Produced[] {
  return Array.from({ length: submission.images }, () => image);
}

/** How a prediction that brought nothing counts. */
function ended({ status, error, logs }: JsonObject, { submission }: Job): Produced {
  const text = typeof error === 'string' ? error : JSON.stringify(error ?? '');
  switch (status) {
    case 'failed': {
      const refusal = refusalIn(text) ?? (error ? undefined : refusalIn(lastLine(logs)));
      if (refusal !== undefined) return refusal;
      const said = withoutInput(text.replace(/\s+/g, ' ').slice(0, MAX_SAID), submission.body);
      const isInvalid = /validation error|invalid input|\(E006\)/i.test(text);
      const failureClass = isInvalid ? FailureClass.INVALID_REQUEST : FailureClass.UNAVAILABLE;
      const code = /\bE\d{3,4}\b/.exec(text)?.[0];
      return failure(`The model failed${code === undefined ? '' : ` (${code})`}: ${said}`, failureClass);
    }
    case 'canceled':
      // It may have run, and then that costs.
      return failure(
        'The job was cancelled at the provider, by somebody or by its deadline.',
        FailureClass.TIMEOUT,
      );
    default:
      return failure('The provider gave the job up before it began.', FailureClass.UNAVAILABLE);
  }
}

async function succeeded(prediction: Prediction, job: Job): Promise<Produced[]> {
  const { json } = prediction;
  const logs = typeof json.logs === 'string' ? json.logs : '';
  const wanted = job.submission.images;
  const left = addresses(json.output);
  const flagged = left.length < wanted ? flaggedImages(logs) : new Set<number>();
  const images: Produced[] = [];
  for (let index = 0; index < wanted; index += 1) {
    images.push(
      flagged.has(index) ? leftOut() : await oneImage(() => produced(left.shift(), prediction, logs, job)),
    );
  }
  return images;
}

async function produced(
  address: string | undefined,
  { json, image }: Prediction,
  logs: string,
  job: Job,
): Promise<Produced> {
  if (address === undefined) {
    if (/\bNSFW\b/i.test(logs)) return leftOut();
    const why = json.data_removed === true ? 'The provider has removed' : 'The provider left out';
    return failure(`${why} this image.`);
  }
  // A data URI, or what stands for one that is on disk.
  const bytes = isWeb(address) ? await job.download(address) : image(address);
  if (bytes === undefined) return failure('The provider left out this image.');
  if (/a black image will be returned/i.test(logs) && (await isBlack(bytes))) return leftOut();
  return { kind: 'image', bytes, seed: seedIn(logs) };
}

/** The images of an output, in order: models give one address, a list, or an object with some. */
function addresses(output: JsonValue | undefined): string[] {
  if (typeof output === 'string') return output === '' ? [] : [output];
  if (typeof output !== 'object' || output === null) return [];
  return Object.values(output).flatMap(addresses);
}

function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

/** The places of images that a model's checker left out, which models write into their log. */
function flaggedImages(logs: string): ReadonlySet<number> {
  return new Set(
    [...logs.matchAll(/NSFW content detected in image (\d+)/gi)].map((match) => Number(match[1])),
  );
}

/** The seed that a model took by itself, which most write into their log. */
function seedIn(logs: string): bigint | undefined {
  const found = /^\s*(?:using )?seed\s*[:=]\s*(\d{1,15})\s*$/im.exec(logs)?.[1];
  return found === undefined ? undefined : BigInt(found);
}

async function isBlack(content: Content): Promise<boolean> {
  try {
    const { channels } = await sharp(Buffer.isBuffer(content) ? content : content.path).stats();
    return channels.slice(0, 3).every(({ max }) => max === 0);
  } catch {
    return false;
  }
}

function lastLine(logs: JsonValue | undefined): string {
  return typeof logs === 'string' ? (logs.trimEnd().split('\n').at(-1) ?? '') : '';
}

function failure(message: string, failureClass: FailureClass = FailureClass.BAD_ANSWER): Produced {
  return { kind: 'failure', failure: new ProviderFailure(failureClass, message) };
}
