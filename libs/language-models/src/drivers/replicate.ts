import { setTimeout as wait } from 'node:timers/promises';
import Replicate, { type Prediction } from 'replicate';
import type { ModelRequest } from '../language-model.ts';
import type { Consumption } from '../spending.ts';
import { type Answered, type Driver, VendorError } from './driver.ts';
import { type DriverOptions, KEPT_OUT } from './driver-options.ts';
import { type InputSchema, inputFor } from './replicate-input.ts';
import { openTransport } from './transport.ts';

/** How long the vendor waits for the end of a prediction before it answers, in seconds: without its id it cannot be cancelled. */
const WAIT_S = 1;

/** The pause before a look at a prediction, in milliseconds; it doubles until the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

/** How long the end of a question that was given up may take, in milliseconds: learning the prediction's id, and cancelling it. */
const CANCEL_MS = 2_000;

/** Larger images are uploaded rather than put into the request: https://replicate.com/docs/topics/predictions/input-files. */
const LARGEST_INLINE = 256 * 1_024;

/** Words by which models say that their moderation refused. */
const REFUSED = /\bNSFW\b|\(E005\)|flagged as sensitive|content policy|safety/i;

/** Words by which models say that they do not take an input. */
const INVALID = /validation error|invalid input|\(E006\)/i;

/** A vision model that Replicate hosts. It has no structured answers: JSON is asked for in words, and found among them. */
export function replicateDriver({ settings, key }: DriverOptions): Driver {
  const { baseUrl, model, timeoutMs, takesTemperature } = settings;
  const transport = openTransport({
    baseUrl,
    credential: { authorization: `Bearer ${key}` },
    // A prediction that nobody can cancel any more ends by itself.
    headers: { 'cancel-after': `${Math.max(5, Math.ceil(timeoutMs / 1_000))}s` },
  });
  let schema: InputSchema | undefined;

  return {
    async ask(request, signal) {
      schema ??= await readSchema(clientFor(signal), model);
      const images = await Promise.all(
        request.parts
          .filter((part) => part.kind === 'image')
          .map((image) => addressOf(image, clientFor(signal))),
      );
      const input = inputFor(schema, request, {
        images,
        temperature: takesTemperature ? request.temperature : undefined,
        maxOutputTokens: request.maxOutputTokens + settings.thinkingTokens,
      });
      return readEnd(await predict(input, signal));
    },
  };

  /** The client has a key only in its place, and each of its requests ends with the signal. */
  function clientFor(signal: AbortSignal): Client {
    const failed: { error?: unknown } = {};
    // The client repeats what fails, without a pause: it does not get to see failures.
    const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
      try {
        return await transport(input, { ...init, signal });
      } catch (error) {
        failed.error = error;
        return Response.json({});
      }
    };
    const client = new Replicate({ auth: KEPT_OUT, baseUrl, fetch: fetch as typeof globalThis.fetch });
    return async (use) => {
      const answer = await use(client);
      if ('error' in failed) throw failed.error;
      return answer;
    };
  }

  async function predict(input: Record<string, unknown>, signal: AbortSignal): Promise<Prediction> {
    const { name, version } = parseName(model);
    const address = version === undefined ? { model: name } : { version };
    let prediction = await clientFor(afterwards(signal))((client) =>
      client.predictions.create({ ...address, input, wait: WAIT_S }),
    );
    try {
      signal.throwIfAborted();
      for (let pause = FIRST_PAUSE_MS; !isOver(prediction); pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
        await wait(pause, undefined, { signal });
        const { id } = prediction;
        prediction = await clientFor(signal)((client) => client.predictions.get(id));
      }
      return prediction;
    } catch (error) {
      await cancel(prediction.id);
      signal.throwIfAborted();
      // It was made; what became of it nobody knows.
      throw error instanceof VendorError
        ? new VendorError(error.kind, error.message, { mayBeBilled: true })
        : error;
    }
  }

  async function cancel(id: string): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_MS);
    await clientFor(signal)((client) => client.predictions.cancel(id)).catch(() => {});
  }
}

/** Aborts some time after a signal, so that what was begun may still tell its id. */
function afterwards(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const abort = () => setTimeout(() => later.abort(signal.reason), CANCEL_MS).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return later.signal;
}

/** Makes one call of the vendor's client, and throws what went wrong on its way. */
type Client = <T>(use: (client: Replicate) => Promise<T>) => Promise<T>;

/** `owner/name`, or `owner/name:version` for models that are not official. */
function parseName(model: string): { name: `${string}/${string}`; version: string | undefined } {
  const [name = '', version] = model.split(':');
  return { name: name as `${string}/${string}`, version };
}

async function readSchema(ask: Client, model: string): Promise<InputSchema> {
  const { name, version } = parseName(model);
  const [owner = '', short = ''] = name.split('/');
  const found = await ask(async (client) =>
    version === undefined
      ? (await client.models.get(owner, short)).latest_version?.openapi_schema
      : (await client.models.versions.get(owner, short, version)).openapi_schema,
  );
  const { components } = (found ?? {}) as {
    components?: { schemas?: { Input?: { properties?: InputSchema } } };
  };
  const properties = components?.schemas?.Input?.properties;
  if (properties === undefined)
    throw new VendorError('invalid_request', 'the model does not say what it takes');
  return properties;
}

async function addressOf(
  image: ModelRequest['parts'][number] & { kind: 'image' },
  ask: Client,
): Promise<string> {
  const { bytes, mediaType } = image;
  if (bytes.byteLength <= LARGEST_INLINE)
    return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
  const file = await ask((client) =>
    client.files.create(new Blob([new Uint8Array(bytes)], { type: mediaType })),
  );
  const { get } = file.urls ?? {};
  if (typeof get !== 'string') throw new VendorError('unavailable', 'the vendor did not keep an image');
  return get;
}

function isOver({ status }: Prediction): boolean {
  return status !== 'starting' && status !== 'processing';
}

function readEnd({ status, output, error, metrics }: Prediction): Answered {
  const seconds = numberOf(metrics, 'predict_time');
  if (status === 'succeeded') {
    const text = Array.isArray(output) ? output.join('') : String(output ?? '');
    const consumption = consumptionOf(metrics);
    return {
      text,
      ending: 'whole',
      tokens: undefined,
      consumption,
      ...(consumption === undefined && { seconds }),
    };
  }
  const words = String(error ?? '');
  if (REFUSED.test(words)) throw new VendorError('refused', 'its moderation refused', { seconds });
  if (status === 'canceled')
    throw new VendorError('timeout', 'the prediction was cancelled', { mayBeBilled: true });
  const kind = INVALID.test(words) ? 'invalid_request' : 'unavailable';
  throw new VendorError(kind, `the prediction ended as ${status}`, { seconds });
}

function consumptionOf(metrics: unknown): Consumption | undefined {
  const input = numberOf(metrics, 'input_token_count');
  const output = numberOf(metrics, 'output_token_count');
  return input === undefined || output === undefined ? undefined : { input, cachedInput: 0, output };
}

function numberOf(metrics: unknown, name: string): number | undefined {
  const value = (metrics as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
