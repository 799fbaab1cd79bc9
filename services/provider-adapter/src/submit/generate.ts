import type {
  GenerateImagesRequest,
  GenerateImagesResponseSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { aborted, type CallOptions } from '@atelier/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import type { ImageSlot } from '../parameters/image-slot.ts';
import type { ImageFacts, LoadedImage } from '../providers/provider.ts';
import type { ImageStore } from '../store/image-store.ts';
import type { SubmissionDesk, Taken } from './desk.ts';
import { EventQueue } from './event-queue.ts';
import type { Member } from './member.ts';
import { nativeRequests, type PrepareContext, planWork, prepare } from './prepare.ts';
import { fetchReferences, loadReferences } from './references.ts';
import type { Seat } from './seat.ts';

/** What generating needs. */
export interface GenerateContext extends PrepareContext {
  readonly desk: SubmissionDesk;
  readonly store: ImageStore;
  readonly fetcher: GuardedFetcher;
}

/** The caller, as far as the work needs it. `detached` is the call without its deadline and cancellation. */
export interface GenerateCall {
  readonly team: string;
  readonly attached: CallOptions;
  readonly detached: CallOptions;
}

type Event = MessageInitShape<typeof GenerateImagesResponseSchema>;

/** A candidate of this call. */
interface Place extends Taken {
  readonly position: number;
  /** Whether it was begun by an earlier call or process. */
  isReplayed: boolean;
}

/**
 * Has candidates made, and tells of each as it ends. Leaving early ends nothing but the telling. What could not be brought
 * to an end is thrown after all others were told.
 */
export async function* generateImages(
  context: GenerateContext,
  request: GenerateImagesRequest,
  call: GenerateCall,
): AsyncGenerator<Event> {
  const places = request.candidates.map(
    ({ key }, position): Place => ({
      ...context.desk.take(call.team, key, call.detached),
      position,
      isReplayed: false,
    }),
  );
  const owned = places.filter(({ isOwner }) => isOwner);
  for (const place of places) place.isReplayed = !place.isOwner;
  try {
    await begin(context, request, call, owned);
  } catch (error) {
    const forOthers = call.attached.signal?.aborted === true ? firstLeft() : error;
    for (const { seat } of owned) seat.fail(forOthers);
    throw error;
  }
  const [first] = owned.length > 0 ? owned : places;
  if (first !== undefined) yield { event: { case: 'started', value: await first.seat.started } };
  yield* follow(places);
}

/** For those who attached to candidates whose first caller went away before anything was begun. */
function firstLeft(): Error {
  return aborted('Whoever asked for it first left before it was begun. Call again with the same keys.');
}

async function begin(
  context: GenerateContext,
  request: GenerateImagesRequest,
  call: GenerateCall,
  owned: readonly Place[],
): Promise<void> {
  const entries = await Promise.all(owned.map(({ seat }) => context.desk.read(seat)));
  const fresh = owned.filter((_, index) => entries[index] === undefined);
  // First what can fail for the whole call; nothing is begun or resumed before.
  const planned = fresh.length > 0 ? await plan(context, request, call, fresh) : undefined;
  const begun = owned.flatMap((place, index) => {
    const entry = entries[index];
    if (entry === undefined) return [];
    place.isReplayed = true;
    return [{ seat: place.seat, entry }];
  });
  context.desk.resume(begun);
  for (const members of planned?.groups ?? []) context.desk.submit(members, planned?.images ?? []);
}

interface Plan {
  readonly groups: readonly (readonly Member[])[];
  readonly images: readonly LoadedImage[];
}

async function plan(
  context: GenerateContext,
  request: GenerateImagesRequest,
  call: GenerateCall,
  fresh: readonly Place[],
): Promise<Plan> {
  const { request: wanted, lineage } = request;
  if (wanted === undefined) throw new Error('the contract requires a request');
  const candidates = fresh.map(({ seat, position }) => {
    const seed = request.candidates[position]?.seed;
    return { key: seat.key, seed: seed === undefined ? undefined : Number(seed) };
  });
  const prepared = prepare(context, wanted, candidates);
  const { store, fetcher } = context;
  const references = await fetchReferences(prepared.translation.references, fetcher, store, call.attached);
  const images = await loadReferences(references, store, call.attached);
  const work = planWork(prepared, {
    team: call.team,
    candidates,
    references,
    lineage,
    nativeRequests: nativeRequests(prepared, factsOf(images)),
    now: context.now(),
  });
  const seats = new Map(fresh.map(({ seat }) => [seat.key, seat]));
  const groups = work.map((group) =>
    group.map((item) => ({ seat: seats.get(item.key) as Seat, work: item })),
  );
  return { groups, images };
}

/** What a preview says of loaded images. The digest of a mask that is changed on the way is not the one that leaves. */
export function factsOf(images: readonly LoadedImage[]): (slot: ImageSlot) => ImageFacts {
  return ({ reference, change }) => {
    const image = images[reference];
    if (image === undefined) throw new Error(`the body has no image ${reference}`);
    return {
      mediaType: image.mediaType,
      sizeBytes: image.bytes.length,
      sha256: change === 'none' ? image.sha256 : '',
      size: image.size,
    };
  };
}

async function* follow(places: readonly Place[]): AsyncGenerator<Event> {
  const events = new EventQueue<Event>();
  const errors: unknown[] = [];
  const stops = places.map(({ seat, isReplayed }) => {
    const stop = seat.listen(({ phase, fraction }) => {
      const value = { key: seat.key, phase, ...(fraction !== undefined && { fraction }) };
      events.push({ event: { case: 'progress', value } });
    });
    const ended = seat.ended.then(
      (result) => events.push({ event: { case: 'result', value: { ...result, replayed: isReplayed } } }),
      (error: unknown) => errors.push(error),
    );
    return { stop, ended };
  });
  Promise.all(stops.map(({ ended }) => ended)).then(() => events.close());
  try {
    yield* events;
  } finally {
    for (const { stop } of stops) stop();
  }
  if (errors.length > 0) throw errors[0];
}
