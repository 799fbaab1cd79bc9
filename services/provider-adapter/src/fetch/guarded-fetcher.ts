import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { invalidArgument, isRpcError, type RpcError, unavailable } from '@atelier/rpc';
import { Agent, type Dispatcher, request } from 'undici';
import { NotAPictureError, readPicture } from '../pictures/picture.ts';
import type { LoadedImage } from '../providers/provider.ts';
import { MAX_RESULT_BYTES, type Spool, type SpooledFile } from '../spool/spool.ts';
import { isPublicAddress } from './addresses.ts';

/** An address that a name resolves to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Gives all addresses of a host name. */
export type Resolver = (host: string) => Promise<readonly ResolvedAddress[]>;

/** How the fetcher is set up. */
export interface GuardedFetcherOptions {
  /** Exact origins that are allowed although they are private, such as `http://images.internal:8080`. */
  readonly allowedOrigins?: readonly string[];
  /** The default asks the system. */
  readonly resolve?: Resolver;
  /** Most bytes of an image; the default is 32 MiB. */
  readonly maxBytes?: number;
  /** Most pixels of an image; the default is 64 million. */
  readonly maxPixels?: number;
  /** Time for everything, redirects included, in milliseconds; the default is 30,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
const DEFAULT_MAX_PIXELS = 64_000_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Reads images from addresses that come from outside. A name is resolved once, every address of it is checked, and the
 * connection goes to an address that was checked, so that a name which changes between check and use gains nothing. Every
 * redirect is a new address and is checked like the first.
 */
export class GuardedFetcher {
  readonly #allowed: ReadonlySet<string>;
  readonly #resolve: Resolver;
  readonly #maxBytes: number;
  readonly #maxPixels: number;
  readonly #timeoutMs: number;

  constructor(options: GuardedFetcherOptions = {}) {
    this.#allowed = new Set(options.allowedOrigins ?? []);
    this.#resolve = options.resolve ?? ((host) => lookup(host, { all: true, verbatim: true }));
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /**
   * Reads an image. Rejects with INVALID_ARGUMENT (URL_REFUSED, IMAGE_TOO_LARGE, NOT_AN_IMAGE), or UNAVAILABLE where the
   * other end does not answer as it should. No message holds more of the address than its origin.
   */
  async fetchImage(uri: string, signal?: AbortSignal): Promise<LoadedImage> {
    const bytes = await this.#read(uri, collected, { signal, maxBytes: this.#maxBytes });
    const picture = await readPicture(bytes).catch((error: unknown) => {
      if (!(error instanceof NotAPictureError)) throw error;
      throw refused('NOT_AN_IMAGE', `the address does not give an image: ${error.message}`);
    });
    if (picture.width * picture.height > this.#maxPixels) {
      throw refused('IMAGE_TOO_LARGE', `the image has more than ${this.#maxPixels} pixels`);
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { bytes, mediaType: picture.mediaType, sha256 };
  }

  /**
   * Copies what is at an address onto disk, a piece at a time. Only its size is looked at. `origins` are allowed although
   * private, beside those of the installation. Rejects as `fetchImage` does.
   */
  async download(
    uri: string,
    spool: Spool,
    options: { readonly signal?: AbortSignal; readonly origins?: readonly string[] } = {},
  ): Promise<SpooledFile> {
    return this.#read(uri, (body) => spool.write(body), { ...options, maxBytes: MAX_RESULT_BYTES });
  }

  /**
   * Looks at an address without asking the other end for anything: scheme, credentials, and what its name resolves to.
   * Rejects with INVALID_ARGUMENT (URL_REFUSED). It is looked at again whenever it is fetched.
   */
  async checkAddress(uri: string, signal: AbortSignal): Promise<void> {
    await this.#check(parse(uri), signal);
  }

  async #read<T>(uri: string, take: Take<T>, options: ReadOptions): Promise<T> {
    const { signal: caller, maxBytes, origins = [] } = options;
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const signal = caller === undefined ? limit : AbortSignal.any([caller, limit]);
    let url = parse(uri);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const got = await this.#get(url, take, { signal, maxBytes, origins });
      if ('taken' in got) return got.taken;
      url = parse(got.location, url);
    }
    throw refused('URL_REFUSED', `the address redirects more than ${MAX_REDIRECTS} times`);
  }

  /** What was made of the bytes, or where the answer redirects to. */
  async #get<T>(
    url: URL,
    take: Take<T>,
    options: ReadOptions & { readonly signal: AbortSignal },
  ): Promise<Got<T>> {
    const { signal, origins } = options;
    const address = await this.#check(url, signal, origins);
    const agent = new Agent({
      connect: {
        // Whatever name is asked for, the connection goes to the address that was checked.
        lookup: (_host, lookupOptions, callback) => {
          if (lookupOptions.all) callback(null, [{ ...address }]);
          else callback(null, address.address, address.family);
        },
      },
      headersTimeout: this.#timeoutMs,
      bodyTimeout: this.#timeoutMs,
    });
    try {
      const answer = await request(url, { dispatcher: agent, signal, headers: { accept: 'image/*' } });
      return await this.#take(answer, url, take, options.maxBytes);
    } catch (cause) {
      if (isRpcError(cause)) throw cause;
      const why = signal.aborted ? 'took too long' : 'could not be read';
      throw unavailable(`The image at ${url.origin} ${why}.`, {
        reason: 'SERVICE_UNREACHABLE',
        metadata: { service: url.origin },
        cause,
      });
    } finally {
      await agent.destroy();
    }
  }

  async #take<T>(
    answer: Dispatcher.ResponseData,
    url: URL,
    take: Take<T>,
    maxBytes: number,
  ): Promise<Got<T>> {
    const { statusCode, headers, body } = answer;
    if (statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string')
      return { location: headers.location };
    // What a busy server says of itself may pass; what it says of the address does not.
    if (statusCode === 429 || statusCode >= 500) throw new Error(`answered ${statusCode}`);
    if (statusCode !== 200) {
      throw refused('URL_REFUSED', `${url.origin} answered ${statusCode} for the address`);
    }
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    return { taken: await take(limited(body as AsyncIterable<Buffer>, maxBytes)) };
  }

  /** An address of the host to connect to, after all of them were found to be allowed. */
  async #check(url: URL, signal: AbortSignal, origins: readonly string[] = []): Promise<ResolvedAddress> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const addresses = family === 0 ? await this.#resolved(host, url, signal) : [{ address: host, family }];
    const [first] = addresses;
    if (first === undefined) throw refused('URL_REFUSED', `${url.origin} has no address`);
    const isAllowed =
      this.#allowed.has(url.origin) ||
      origins.includes(url.origin) ||
      addresses.every(({ address }) => isPublicAddress(address));
    if (!isAllowed) throw refused('URL_REFUSED', `${url.origin} is not on the public internet`);
    return first;
  }

  async #resolved(host: string, url: URL, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
    signal.throwIfAborted();
    try {
      return await this.#resolve(host);
    } catch (cause) {
      throw refused('URL_REFUSED', `${url.origin} cannot be resolved`, cause);
    }
  }
}

/** What is to be read, and how much of it. */
interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly maxBytes: number;
  readonly origins?: readonly string[] | undefined;
}

type Take<T> = (body: AsyncIterable<Buffer>) => Promise<T>;

type Got<T> = { readonly taken: T } | { readonly location: string };

async function collected(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A body up to a limit: what is declared may be a lie, or missing. */
async function* limited(body: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): RpcError {
  return refused('IMAGE_TOO_LARGE', `the image has more than ${maxBytes} bytes`);
}

function parse(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw refused('URL_REFUSED', 'the address is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused('URL_REFUSED', `the scheme ${url.protocol.slice(0, -1)} is not allowed`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('URL_REFUSED', 'an address may not carry a user or a password');
  }
  return url;
}

function refused(reason: string, description: string, cause?: unknown): RpcError {
  return invalidArgument('parameters.reference_images', description, { reason, cause });
}
