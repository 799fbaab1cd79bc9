import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Generation, GenerationEvent } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { approvedImage } from './generation/approved.ts';
import { followGeneration } from './generation/follow.ts';
import {
  type BriefInput,
  fullName,
  type GenerationInput,
  generationRequest,
  type ParametersInput,
} from './generation/generation-input.ts';
import { downloadImage, writeWhole } from './images/download.ts';
import type { MediaType } from './images/media-type.ts';
import { uploadImage } from './images/upload.ts';
import type { AtelierOptions, Timeouts } from './options.ts';
import { AtelierError } from './rpc/atelier-error.ts';
import { type CallOptions, deadlineOf } from './rpc/call-options.ts';
import { Code } from './rpc/code.ts';
import { Connection } from './rpc/connection.ts';
import { checkHealth, type HealthStatus } from './rpc/health.ts';
import { isPassing, Retries } from './rpc/retry.ts';
import { publicServices, type ServiceClients, serviceClients } from './services.ts';

const TIMEOUTS: Required<Timeouts> = { callMs: 30_000, generationMs: 900_000, transferMs: 120_000 };
const RETRIES = 5;

/**
 * What a backend uses to have images made: `run`, `generate` and `stream`, references and downloads, and below them the
 * typed client of every public service in `services`. One instance serves a whole process.
 */
export class Atelier {
  /** The contract itself, one typed client for each public service. */
  readonly services: ServiceClients;
  readonly #connection: Connection;
  readonly #options: AtelierOptions;
  readonly #timeouts: Required<Timeouts>;

  constructor(options: AtelierOptions) {
    this.#options = options;
    this.#timeouts = { ...TIMEOUTS, ...options.timeouts };
    const { address, tls, apiKey } = options;
    this.#connection = new Connection({
      address,
      tls,
      services: publicServices,
      headers: apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` },
      callMs: this.#timeouts.callMs,
    });
    this.services = serviceClients(this.#connection);
  }

  /** Has an image made and waits for it: `run('studio-pro', 'a red apple on white', { seed: 7 })`. */
  run(
    model: string,
    brief: BriefInput,
    parameters: ParametersInput = {},
    options: CallOptions & { readonly project?: string } = {},
  ): Promise<Generation> {
    const { project, ...call } = options;
    return this.generate({ model, brief, parameters, ...(project !== undefined && { project }) }, call);
  }

  /**
   * Starts a generation and waits for its end; the results carry signed URLs. While the platform is unavailable it asks
   * again under the same request id, which attaches to what runs and never pays twice. A cycle that ended is no error
   * whatever its outcome: read `outcome`, or take the image by `approvedImage`.
   */
  async generate(input: GenerationInput, options: CallOptions = {}): Promise<Generation> {
    const generation = this.#request(input);
    const call = this.#within(options, this.#timeouts.generationMs);
    const answer = await this.#retrying(call, () => this.services.generations.generate({ generation }, call));
    return present(answer.generation);
  }

  /** Starts a generation and returns it at once. Safe to repeat, as `generate` is. */
  async create(input: GenerationInput, options: CallOptions = {}): Promise<Generation> {
    const generation = this.#request(input);
    const call = this.#within(options, this.#timeouts.callMs);
    const answer = await this.#retrying(call, () =>
      this.services.generations.createGeneration({ generation }, call),
    );
    return present(answer.generation);
  }

  /** Waits for the end of a generation; the results carry signed URLs. Rejects with NOT_FOUND or DEADLINE_EXCEEDED. */
  async waitForResult(name: string, options: CallOptions = {}): Promise<Generation> {
    const call = this.#within(options, this.#timeouts.generationMs);
    for await (const _ of this.watch(name, 0n, call));
    const answer = await this.services.generations.getGeneration(
      { name: fullName('generations', name), signUrls: true },
      call,
    );
    return present(answer.generation);
  }

  /**
   * Starts a generation and gives its events as they happen, up to `finished`. A stream that breaks is taken up again after
   * the last numbered event. To stop reading leaves the generation running.
   */
  async *stream(
    input: GenerationInput,
    options: CallOptions = {},
  ): AsyncGenerator<GenerationEvent, void, undefined> {
    const generation = this.#request(input);
    const { generations } = this.services;
    const source = {
      name: undefined,
      after: 0n,
      open: (name: string | undefined, after: bigint) =>
        name === undefined
          ? generations.streamGenerate({ generation }, options)
          : generations.watchGeneration({ name, afterEventNumber: after }, options),
    };
    yield* followGeneration(source, this.#retries(options));
  }

  /** Gives the events of a generation after a number, then those that come, up to `finished`. It survives broken streams. */
  async *watch(
    name: string,
    after = 0n,
    options: CallOptions = {},
  ): AsyncGenerator<GenerationEvent, void, undefined> {
    const source = {
      name: fullName('generations', name),
      after,
      open: (known: string | undefined, afterEventNumber: bigint) =>
        this.services.generations.watchGeneration({ name: known ?? '', afterEventNumber }, options),
    };
    yield* followGeneration(source, this.#retries(options));
  }

  /** The best image that may be shipped; throws a `NotApprovedError` where neither the gate nor a person approved one. */
  approvedImage(generation: Generation): ImageRef {
    return approvedImage(generation);
  }

  /**
   * Uploads an image, given by path or bytes, for use as a reference: `{ source: { case: 'image', value: ref.name }, role }`
   * in `parameters.referenceImages`. PNG, JPEG or WebP, up to 256 MiB; the type is found by the bytes where none is given.
   */
  uploadReference(
    source: string | Uint8Array,
    mediaType?: MediaType,
    options: CallOptions = {},
  ): Promise<ImageRef> {
    const call = this.#within(options, this.#timeouts.transferMs);
    return uploadImage(source, mediaType, {
      images: this.services.images,
      call,
      retries: this.#retries(call),
    });
  }

  /** The bytes of an image, verified against its digest. Takes a reference, or a name. */
  downloadImage(image: string | ImageRef, path?: undefined, options?: CallOptions): Promise<Uint8Array>;
  /** Writes an image to a file, which appears whole or not at all. */
  downloadImage(image: string | ImageRef, path: string, options?: CallOptions): Promise<Uint8Array>;
  async downloadImage(
    image: string | ImageRef,
    path?: string,
    options: CallOptions = {},
  ): Promise<Uint8Array> {
    const call = this.#within(options, this.#timeouts.transferMs);
    const context = { images: this.services.images, call, retries: this.#retries(call) };
    const bytes = await downloadImage(image, context);
    if (path !== undefined) await writeWhole(path, bytes);
    return bytes;
  }

  /** What the gateway's health service says. It needs no key. */
  health(timeoutMs = 5_000): Promise<HealthStatus> {
    return checkHealth(this.#connection, timeoutMs);
  }

  /** Closes the connection once the calls on it have ended. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #request(input: GenerationInput) {
    return generationRequest(input, this.#options.defaults ?? {});
  }

  #retries(call: CallOptions): Retries {
    return new Retries(this.#options.retries ?? RETRIES, { ...call, deadline: deadlineOf(call) });
  }

  /** The options with one deadline for all attempts, and a signal that ends with it. */
  #within(options: CallOptions, defaultMs: number): CallOptions & { signal: AbortSignal; deadline: Date } {
    const deadline = deadlineOf(options, defaultMs) as Date;
    const timeout = AbortSignal.timeout(Math.max(0, deadline.getTime() - Date.now()) + DEADLINE_MARGIN_MS);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
    return { ...options, timeoutMs: undefined, deadline, signal };
  }

  async #retrying<T>(call: CallOptions, once: () => Promise<T>): Promise<T> {
    const retries = this.#retries(call);
    for (;;) {
      try {
        return await once();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await retries.pause(error);
      }
    }
  }
}

/** The server answers a passed deadline itself, with more to say than the caller's own clock has. */
const DEADLINE_MARGIN_MS = 1_000;

/** Makes a client. It connects at the first call; close it when done. */
export function createAtelier(options: AtelierOptions): Atelier {
  return new Atelier(options);
}

function present(generation: Generation | undefined): Generation {
  if (generation === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform answered without a generation.');
  return generation;
}
