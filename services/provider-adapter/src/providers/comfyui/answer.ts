import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type SpooledFile, TooManyBytes } from '../../spool/spool.ts';
import { isObject, oneImage } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { comfyError, jobFailure } from './errors.ts';
import { comfyCredentials } from './request.ts';
import { unaskedSeed } from './seed.ts';
import { readTemplate } from './template.ts';

/** Reads what the history has on a job that ended, and copies its images: what was saved is whole, whatever came later. */
export async function readOutputs(entry: JsonObject, jobId: string, job: Job): Promise<ProviderAnswer> {
  const { submission } = job;
  const { messages: told, status_str: how } = isObject(entry.status) ? entry.status : {};
  const messages = Array.isArray(told) ? told : [];
  const files = savedFiles(entry.outputs, readTemplate(submission.body.template).output);
  if (files.length === 0) {
    throw how === 'error'
      ? jobFailure(messages, submission.body)
      : bad('The job ended without a saved image.');
  }
  const images: Produced[] = [];
  for (const file of files.slice(0, submission.images)) {
    images.push(await oneImage(() => copied(file, job)));
  }
  const seconds = secondsOf(messages);
  return { images, jobId, ...(seconds !== undefined && { units: { second: seconds } }) };
}

/** Images that were saved, in the order of their nodes; previews are of type `temp` and no results. */
function savedFiles(outputs: JsonValue | undefined, node: string | undefined): JsonObject[] {
  const nodes = Object.entries(isObject(outputs) ? outputs : {}).filter(
    ([id]) => node === undefined || id === node,
  );
  return nodes.flatMap(([, output]) => {
    const images = isObject(output) && Array.isArray(output.images) ? output.images : [];
    return images
      .filter(isObject)
      .filter(({ type, filename }) => type === 'output' && typeof filename === 'string');
  });
}

async function copied({ filename, subfolder }: JsonObject, job: Job): Promise<Produced> {
  const { baseUrl } = job.settings;
  const query = new URLSearchParams({
    filename: String(filename),
    subfolder: String(subfolder ?? ''),
    type: 'output',
  });
  const bytes = await job.poll(() => view(`${baseUrl}/view?${query}`, job));
  return { kind: 'image', bytes, seed: unaskedSeed(job.submission) };
}

async function view(url: string, job: Job): Promise<SpooledFile> {
  const answer = await job.send({ method: 'GET', url, credentials: comfyCredentials(job.settings) });
  if (answer.status >= 500) throw await comfyError(answer);
  if (answer.status !== 200)
    throw bad(`The server saved an image and does not give it: ${(await comfyError(answer)).message}`);
  try {
    return await job.spool.write(answer.body);
  } catch (cause) {
    if (cause instanceof TooManyBytes) throw bad(`The server's image has more than ${cause.maxBytes} bytes.`);
    throw cause;
  }
}

/** How long the server worked, by the times of its messages. */
function secondsOf(messages: readonly JsonValue[]): number | undefined {
  const time = (kind: string) => {
    const message = messages.find((each) => Array.isArray(each) && each[0] === kind) as
      | JsonValue[]
      | undefined;
    const data = message?.[1];
    return isObject(data) && typeof data.timestamp === 'number' ? data.timestamp : Number.NaN;
  };
  const seconds = (time('execution_success') - time('execution_start')) / 1_000;
  return seconds >= 0 ? seconds : undefined;
}

function bad(message: string): ProviderFailure {
  return new ProviderFailure(FailureClass.BAD_ANSWER, message);
}
