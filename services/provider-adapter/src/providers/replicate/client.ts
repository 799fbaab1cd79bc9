import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import Replicate from 'replicate';
import type { JsonAnswer } from '../http/answer.ts';
import type { Settings } from '../http/settings.ts';
import { dropBody, type HttpAnswer, sendRequest } from '../http/transport.ts';
import type { FormPart, WireRequest } from '../http/wire-request.ts';
import { ProviderFailure } from '../provider.ts';
import { replicateError } from './errors.ts';
import { replicateCredentials } from './request.ts';

/** What a question needs. */
export interface Asking {
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Reads an answer's document. */
  readonly read: (answer: HttpAnswer) => Promise<JsonAnswer>;
  /** What the caller wrote, which no message may quote. */
  readonly input?: JsonObject;
}

/** What a call of the client gave, and the images that its answer held in base64. */
export interface Asked<T> {
  readonly value: T;
  readonly image: JsonAnswer['image'];
}

type Outcome = { readonly answer: JsonAnswer } | { readonly missing: true } | { readonly failure: unknown };

/**
 * Makes one call of Replicate's own client over the transport of ours, so that everything but the paid submit follows the
 * vendor's code. Gives undefined for a 404. Two habits of the client are kept from it. It repeats whatever failed, up to
 * six times and without a pause, so that it never sees a failure: what went wrong is put aside, and thrown from here. And
 * it puts its token into every request, and the request into its errors, so that it has none: the credential is added
 * here, and only for the API's own origin.
 */
export async function ask<T>(
  asking: Asking,
  use: (client: Replicate) => Promise<T>,
): Promise<Asked<T> | undefined> {
  let outcome: Outcome = { failure: new Error('the client made no request') };
  const client = new Replicate({
    auth: 'kept-out',
    baseUrl: asking.settings.baseUrl,
    fetch: async (input: Request | string | URL, init?: RequestInit) => {
      outcome = await exchange(String(input), init ?? {}, asking).catch((failure: unknown) => ({ failure }));
      return Response.json('answer' in outcome ? outcome.answer.json : {});
    },
  });
  const value = await use(client);
  const ended = outcome as Outcome;
  if ('failure' in ended) throw ended.failure;
  return 'missing' in ended ? undefined : { value, image: ended.answer.image };
}

async function exchange(url: string, init: RequestInit, asking: Asking): Promise<Outcome> {
  const { settings, signal, read, input = {} } = asking;
  // Addresses of further pages come from answers.
  if (new URL(url).origin !== new URL(settings.baseUrl).origin) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider’s answer leads to another host.');
  }
  const wire: WireRequest = {
    method: init.method === 'POST' ? 'POST' : 'GET',
    url,
    credentials: replicateCredentials(settings),
    ...(init.body instanceof FormData && { body: { kind: 'form', parts: await partsOf(init.body) } }),
  };
  const answer = await sendRequest(wire, signal);
  if (answer.status === 404) {
    await dropBody(answer);
    return { missing: true };
  }
  if (answer.status < 200 || answer.status > 299) throw await replicateError(answer, input);
  return { answer: await read(answer) };
}

async function partsOf(form: FormData): Promise<FormPart[]> {
  return Promise.all(
    [...form].map(async ([name, value]) => {
      if (typeof value === 'string') return { name, text: value };
      const bytes = Buffer.from(await value.arrayBuffer());
      const facts = { mediaType: value.type, sizeBytes: bytes.byteLength, sha256: '' };
      return { name, fileName: value.name, facts, bytes };
    }),
  );
}
