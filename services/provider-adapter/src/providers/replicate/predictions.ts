import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type JsonAnswer, readJson } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { Asking } from './client.ts';

/** A prediction as far as it is looked at, with the images that its document held. */
export interface Prediction {
  readonly json: JsonObject;
  readonly image: JsonAnswer['image'];
}

const OVER: ReadonlySet<unknown> = new Set(['succeeded', 'failed', 'canceled', 'aborted']);

/** Whether nothing more comes of a prediction. */
export function isOver({ json }: Prediction): boolean {
  return OVER.has(json.status);
}

/** Reads a document with a prediction. The input that it repeats is of no use, however large its images are. */
export async function readPrediction(answer: HttpAnswer, { spool }: Pick<Job, 'spool'>): Promise<JsonAnswer> {
  const read = await readJson(answer, spool);
  await dropImages(read.json.input, read, { spool });
  return read;
}

/** Reads a page of predictions, none of whose images is wanted. */
export async function readPage(answer: HttpAnswer, { spool }: Pick<Job, 'spool'>): Promise<JsonAnswer> {
  const read = await readJson(answer, spool);
  await dropImages(read.json, read, { spool });
  return read;
}

/** Asks on behalf of a job. */
export function askingOf(job: Job, read = readPrediction): Asking {
  const { settings, signal, submission } = job;
  return { settings, signal, input: submission.body, read: (answer) => read(answer, job) };
}

/** What stands in a document for a string that is on disk. */
const MARK = /^[0-9a-f-]{36}:\d+$/;

async function dropImages(
  value: JsonValue | undefined,
  { image }: JsonAnswer,
  { spool }: Pick<Job, 'spool'>,
): Promise<void> {
  if (typeof value === 'string' && MARK.test(value)) {
    const content = image(value);
    if (content !== undefined && !Buffer.isBuffer(content)) await spool.drop(content);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) await dropImages(item, { image } as JsonAnswer, { spool });
}
