// A thread that decodes an image once and runs checks on it, so that the thread that serves calls never waits for pixels.
import { LRUCache } from 'lru-cache';
import { checks, createOcr, type DecodedImage, decodeImage, ImageError } from '../../checks/index.ts';
import type { CheckOutcome, CheckTask, CheckTaskResult, TaskImage } from './task.ts';

/** Questions about one image come in a few steps, so a handful of decoded images is enough. */
const decoded = new LRUCache<string, DecodedImage>({ max: 4 });
const ocr = createOcr();
const never = new AbortController().signal;

/** Runs one task. The pool ends the whole thread when a task is aborted, so there is no signal to listen to. */
// biome-ignore lint/style/noDefaultExport: the pool calls the default export of a worker
export default async function runChecks(task: CheckTask): Promise<CheckTaskResult> {
  let reference: number | undefined;
  try {
    const image = await decode(task.image);
    const references: DecodedImage[] = [];
    for (const [index, other] of task.references.entries()) {
      reference = index;
      references.push(await decode(other));
    }
    const outcomes: CheckOutcome[] = [];
    for (const { kind, parameters } of task.checks) {
      outcomes.push(await run(kind, parameters, image, references));
    }
    return { kind: 'done', outcomes };
  } catch (error) {
    if (error instanceof ImageError)
      return { kind: 'bad-image', code: error.code, message: error.message, reference };
    throw error;
  }
}

async function decode({ sha256, bytes }: TaskImage): Promise<DecodedImage> {
  const kept = decoded.get(sha256);
  if (kept !== undefined) return kept;
  const image = await decodeImage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  decoded.set(sha256, image);
  return image;
}

async function run(
  kind: string,
  parameters: Readonly<Record<string, unknown>>,
  image: DecodedImage,
  references: readonly DecodedImage[],
): Promise<CheckOutcome> {
  const check = checks.get(kind);
  if (check === undefined) return { kind: 'failed', message: `There is no check ${kind}.` };
  try {
    const result = await check.run(check.parse(parameters), { image, references }, { ocr, signal: never });
    const { pYes, verdict, critique, finding, measured } = result;
    return { kind: 'result', pYes, canJudge: verdict !== 'CANNOT_JUDGE', critique, finding, measured };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
