import type { Rate } from '@atelier/coordination';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type ImageSlot, imageSlots } from '../../parameters/image-slot.ts';
import type { SpooledFile } from '../../spool/spool.ts';
import { concurrencyOf, instanceVariable, rateOf } from '../instance-fields.ts';
import {
  type DraftedModel,
  type LoadedImage,
  type NativeCall,
  type NativePreview,
  type Provider,
  type ProviderAnswer,
  ProviderFailure,
  type ProviderType,
  type Reconciled,
  type Submission,
  type SubmitContext,
  type Webhook,
} from '../provider.ts';
import { discreetAnswer, discreetError, type Unsaid } from './discretion.ts';
import { missingFields, type Need } from './needs.ts';
import { poll } from './poll.ts';
import { type Settings, settingsOf } from './settings.ts';
import { realImages, type SlotImages, shownImages, slotKey } from './slot-images.ts';
import { type HttpAnswer, sendRequest } from './transport.ts';
import { previewOf, type WireRequest } from './wire-request.ts';

/** What a vendor's folder works with while it carries out one submission. */
export interface Job extends Omit<SubmitContext, 'download'> {
  readonly settings: Settings;
  readonly submission: Submission;
  /** Sends a request of this job, once. */
  readonly send: (wire: WireRequest) => Promise<HttpAnswer>;
  /** Copies a result from the address that the vendor gave, through the guarded fetcher. */
  readonly download: (url: string) => Promise<SpooledFile>;
  /** Looks until it gives something, with growing pauses; a webhook ends a pause early. */
  readonly poll: <T>(look: () => Promise<T | undefined>) => Promise<T>;
}

/** A vendor's protocol over HTTP: what differs from vendor to vendor, and nothing else. */
export interface Protocol {
  readonly type: string;
  /** Where the API is; empty where every instance has to say. */
  readonly baseUrl: string;
  /** Fields that an instance must set, such as API_KEY. An instance that lacks one is listed as not configured. */
  readonly needs: readonly Need[];
  /** Requests at once where the instance does not say. */
  readonly concurrency: number;
  /** How often requests may leave where the instance does not say; absent where the vendor does not. */
  readonly rate?: Rate;
  /** Looks at an instance's settings. Throws a `ConfigError`. */
  readonly check?: (settings: Settings) => void;
  /** Whether results may lie on the API's own origin although it is private, as with servers that one runs oneself. */
  readonly isSelfHosted?: boolean;
  /** Builds the submit. `images` puts the reference images in, or in a preview words for them. */
  readonly request: (
    call: NativeCall,
    settings: Settings,
    images: SlotImages,
    webhookUrl?: string,
  ) => WireRequest;
  /** Signs a request as it is about to leave, each time anew. Every request of a job goes through it. */
  readonly sign?: (wire: WireRequest, settings: Settings, now: Date) => Promise<WireRequest>;
  /** Headers that `sign` adds. A preview shows their names alone. */
  readonly signedHeaders?: (settings: Settings) => readonly string[];
  /** Uploads a reference image beforehand, where bodies name images by what the vendor gave for them. */
  readonly upload?: (image: LoadedImage, job: Job) => Promise<string>;
  /** Sends the submit, once, and brings it to its answer. Throws a `ProviderFailure` or a `ProviderRefusal`. */
  readonly submit: (wire: WireRequest, job: Job) => Promise<ProviderAnswer>;
  /** Finds out what became of a job of an earlier process, or of one whose submit lost its connection. */
  readonly reconcile?: (jobId: string | undefined, job: Job) => Promise<Reconciled>;
  /** Drafts a catalog entry from what the vendor publishes of a model. Throws NOT_FOUND or UNAVAILABLE. */
  readonly draftModel?: (
    nativeModel: string,
    settings: Settings,
    signal: AbortSignal,
  ) => Promise<DraftedModel>;
  /** Verifies a webhook. Throws UNAUTHENTICATED for one that is not the vendor's; gives what tells a replay from news. */
  readonly verifyWebhook?: (webhook: Webhook, settings: Settings, now: Date) => Promise<string>;
}

/** Makes a kind of provider from a vendor's protocol. */
export function httpProvider(protocol: Protocol): ProviderType {
  return {
    type: protocol.type,
    create: (instance) => createProvider(protocol, settingsOf(instance, protocol.baseUrl), instance),
  };
}

function createProvider(
  protocol: Protocol,
  settings: Settings,
  instance: Parameters<ProviderType['create']>[0],
): Provider {
  protocol.check?.(settings);
  const { type, needs, upload, reconcile, draftModel, verifyWebhook } = protocol;
  const secrets = [...instance.secrets.values()];
  const isSet = (field: string) =>
    field === 'BASE_URL'
      ? settings.baseUrl !== ''
      : (settings.field(field) ?? settings.secret(field)) !== undefined;
  return {
    name: settings.name,
    type,
    missing: missingFields(needs, isSet).map((field) => instanceVariable(settings.name, field)),
    concurrency: concurrencyOf(instance, protocol.concurrency),
    rate: rateOf(instance, protocol.rate),
    isRepeatable: false,
    preview(call, facts) {
      const parts: NativePreview['parts'][number][] = [];
      const wire = protocol.request(call, settings, shownImages(facts, parts));
      const shown = previewOf(wire, parts);
      const signed = (protocol.signedHeaders?.(settings) ?? []).map((name) => [name, '[signed]']);
      return { ...shown, headers: { ...shown.headers, ...Object.fromEntries(signed) } };
    },
    async submit(submission, context) {
      const job = jobOf(protocol, settings, submission, context);
      const unsaid = { body: submission.body, secrets };
      const uploads =
        upload === undefined
          ? new Map<string, string>()
          : await discreetly(unsaid, () => uploadAll(submission, upload, job));
      const images = realImages(submission.image, uploads);
      const wire = protocol.request(submission, settings, images, context.webhook?.url);
      const sent = Object.values(wire.credentials ?? {}).map(({ secret }) => secret);
      const all = { ...unsaid, secrets: [...secrets, ...sent] };
      return discreetly(all, async () => discreetAnswer(await protocol.submit(wire, job), all));
    },
    ...(reconcile !== undefined && {
      reconcile: async (submission, jobId, context) => {
        const unsaid = { body: submission.body, secrets };
        return discreetly(unsaid, async () => {
          const found = await reconcile(jobId, jobOf(protocol, settings, submission, context));
          return found.kind === 'answer' ? { ...found, answer: discreetAnswer(found.answer, unsaid) } : found;
        });
      },
    }),
    ...(draftModel !== undefined && {
      draftModel: (nativeModel: string, signal: AbortSignal) => draftModel(nativeModel, settings, signal),
    }),
    ...(verifyWebhook !== undefined && {
      verifyWebhook: (webhook: Webhook, now: Date) => verifyWebhook(webhook, settings, now),
    }),
  };
}

/** Does something with a vendor whose words may quote what nobody else is to read. */
async function discreetly<T>(unsaid: Unsaid, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw discreetError(error, unsaid);
  }
}

function jobOf(protocol: Protocol, settings: Settings, submission: Submission, context: SubmitContext): Job {
  const { signal, webhook } = context;
  return {
    ...context,
    settings,
    submission,
    send: async (wire) => sendRequest((await protocol.sign?.(wire, settings, new Date())) ?? wire, signal),
    download: (url) => context.download(url, protocol.isSelfHosted ? [new URL(settings.baseUrl).origin] : []),
    poll: (look) => poll(look, { signal, firstMs: settings.pollMs, woken: webhook?.woken }),
  };
}

async function uploadAll(
  { body, image }: Submission,
  upload: NonNullable<Protocol['upload']>,
  job: Job,
): Promise<Map<string, string>> {
  const slots = new Map<string, ImageSlot>(imageSlots(body).map((slot) => [slotKey(slot), slot]));
  const uploads = new Map<string, string>();
  for (const [key, slot] of slots) uploads.set(key, await upload(image(slot), job).catch(notUploaded));
  return uploads;
}

/** Failures after which a request may have been carried out. */
const UNCLEAR: ReadonlySet<FailureClass> = new Set([FailureClass.UNKNOWN_OUTCOME, FailureClass.BAD_ANSWER]);

/** Whatever became of an upload, the paid request has not left. */
function notUploaded(error: unknown): never {
  if (!(error instanceof ProviderFailure) || !UNCLEAR.has(error.failureClass)) throw error;
  const message = `An image could not be uploaded. ${error.message}`;
  throw new ProviderFailure(FailureClass.UNAVAILABLE, message, { isNotSent: true, cause: error });
}
