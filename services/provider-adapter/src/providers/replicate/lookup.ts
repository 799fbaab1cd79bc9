import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Job } from '../http/protocol.ts';
import type { ProviderAnswer, Reconciled } from '../provider.ts';
import { modelAddress } from './address.ts';
import { ask } from './client.ts';
import { followJob } from './jobs.ts';
import { askingOf, readPage } from './predictions.ts';

/** How far Replicate's clock may be behind ours, in milliseconds. */
const SKEW_MS = 5_000;

/** A prediction is not listed at once, so that some looks may miss it. */
const LOOKS = 4;

/** Pages of a hundred predictions that are gone through at most. */
const MAX_PAGES = 5;

/** Where an image was in a request: Replicate may show it under an address of its own. */
const ANY_IMAGE = '\u0000image';

/** A prediction that a lost submit made, and whether that is beyond doubt. */
interface Found {
  readonly id: string;
  readonly isCertain: boolean;
}

/**
 * Finds out what became of a job. Without its id it is looked for among the predictions that began since the submission
 * did, by everything that Replicate tells: its webhook, which is ours alone; else model and input. By those it may be ours
 * only where it is the only one that no other request has, and even then it may be that of another request for the very same,
 * whose answer is still on its way. So it is claimed, not cancelled, and given as an answer only if nobody showed up with a
 * better claim until it was over; else the search goes on. What cannot be found is not made again either.
 */
export async function reconcileJob(jobId: string | undefined, job: Job): Promise<Reconciled> {
  for (let known = jobId; ; known = undefined) {
    const found = known === undefined ? await find(job) : await claimed(known, job);
    if (found === undefined && known === undefined) return { kind: 'unknown' };
    if (found === undefined) continue;
    if (known === undefined) await job.accepted(found.id);
    const answer = await followJob(found.id, job, found.isCertain);
    if (found.isCertain || (await job.claimJob(found.id, true)) !== 'taken')
      return { kind: 'answer', answer };
    await dropImages(answer, job);
  }
}

/** A prediction that was found earlier, unless it turned out to be another's. */
async function claimed(id: string, job: Job, isCertain = false): Promise<Found | undefined> {
  const claim = await job.claimJob(id, isCertain);
  return claim === 'taken' ? undefined : { id, isCertain: claim === 'certain' };
}

async function find(job: Job): Promise<Found | undefined> {
  let looks = 0;
  const found = await job.poll<Found | 'nothing'>(async () => {
    const alike = await predictionsAlike(job);
    if (alike === undefined) return 'nothing';
    const own = alike.find(({ webhook }) => webhook !== undefined && webhook === job.webhook?.url);
    if (own !== undefined) return (await claimed(own.id, job, true)) ?? 'nothing';
    const others = alike.filter(({ webhook }) => webhook === undefined).map(({ id }) => id);
    const claims = await Promise.all(others.map((id) => job.claimOf(id)));
    const free = others.filter((_, index) => claims[index] !== 'taken');
    // One that this request claimed before goes before all others.
    const ours = others.find((_, index) => claims[index] === 'certain' || claims[index] === 'uncertain');
    const only = ours ?? (free.length === 1 ? free[0] : undefined);
    const taken = only === undefined ? undefined : await claimed(only, job);
    if (taken !== undefined) return taken;
    looks += 1;
    return looks < LOOKS ? undefined : 'nothing';
  });
  return found === 'nothing' ? undefined : found;
}

/** Images of a prediction that turned out to be another's. */
async function dropImages({ images }: ProviderAnswer, { spool }: Job): Promise<void> {
  for (const image of images) {
    if (image.kind === 'image' && !Buffer.isBuffer(image.bytes)) await spool.drop(image.bytes);
  }
}

interface Alike {
  readonly id: string;
  /** Undefined where Replicate does not tell. */
  readonly webhook: string | undefined;
}

/** Predictions of the same model with the same input since the submission began; undefined where there are too many. */
async function predictionsAlike(job: Job): Promise<Alike[] | undefined> {
  const since = job.submission.submitTime.getTime() - SKEW_MS;
  const query = { created_after: new Date(since).toISOString() };
  const alike: Alike[] = [];
  let next: string | undefined = '/predictions';
  for (let page = 0; next !== undefined; page += 1) {
    if (page === MAX_PAGES) return undefined;
    const route: string | URL = page === 0 ? next : new URL(next);
    const params = page === 0 ? query : {};
    const asked = await ask(askingOf(job, readPage), async (client) => {
      const response = await client.request(route, { method: 'GET', params });
      return (await response.json()) as JsonObject;
    });
    const results = asked?.value.results;
    for (const item of Array.isArray(results) ? results : []) {
      const prediction = item as JsonObject;
      if (!isAlike(prediction, since, job)) continue;
      const { id, webhook } = prediction;
      alike.push({ id: String(id), webhook: typeof webhook === 'string' ? webhook : undefined });
    }
    next = typeof asked?.value.next === 'string' ? asked.value.next : undefined;
  }
  return alike;
}

function isAlike(prediction: JsonObject, since: number, { submission }: Job): boolean {
  const { marks } = modelAddress(submission);
  const isOfModel = Object.entries(marks).every(([field, value]) => {
    const told = prediction[field];
    // A deployment is told by its name, with or without the owner's.
    return told === value || (field === 'deployment' && value.endsWith(`/${String(told)}`));
  });
  const began = Date.parse(String(prediction.created_at));
  if (!isOfModel || !(began >= since) || prediction.source === 'web') return false;
  return isSameInput(prediction.input, submission.body);
}

/** Whether an input is the one that was sent, an image for every image. */
function isSameInput(told: JsonValue | undefined, body: JsonObject): boolean {
  const sent = fillImageSlots(body, () => ANY_IMAGE);
  return isDeepStrictEqual(withoutImages(told, sent), sent);
}

function withoutImages(told: JsonValue | undefined, sent: JsonValue | undefined): JsonValue | undefined {
  if (sent === ANY_IMAGE) return typeof told === 'string' ? ANY_IMAGE : told;
  if (typeof told !== 'object' || told === null || typeof sent !== 'object' || sent === null) return told;
  if (Array.isArray(told)) return told.map((item, index) => withoutImages(item, at(sent, index)) ?? null);
  return Object.fromEntries(
    Object.entries(told).map(([key, item]) => [key, withoutImages(item, at(sent, key)) ?? null]),
  );
}

function at(value: JsonValue, key: string | number): JsonValue | undefined {
  return Object.hasOwn(value as object, key) ? (value as Record<string, JsonValue>)[String(key)] : undefined;
}
