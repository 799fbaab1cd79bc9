import type { Message } from '@bufbuild/protobuf';
import type { ClientWritableStream } from '@grpc/grpc-js';

/**
 * Writes requests to a call as fast as the other end reads them, and ends the stream after the last. Stops when the
 * call is over. If the requests themselves fail, the call is cancelled and `failure` tells why.
 */
export class RequestPump {
  readonly #call: Pick<ClientWritableStream<Message>, 'write' | 'end' | 'cancel'>;
  readonly #requests: AsyncIterator<unknown>;
  readonly #toMessage: (init: unknown) => Message;
  #stopped = false;
  /** What the requests threw, if they did. */
  failure: { readonly error: unknown } | undefined;

  constructor(
    call: Pick<ClientWritableStream<Message>, 'write' | 'end' | 'cancel'>,
    requests: AsyncIterable<unknown>,
    toMessage: (init: unknown) => Message,
  ) {
    this.#call = call;
    this.#requests = requests[Symbol.asyncIterator]();
    this.#toMessage = toMessage;
  }

  /** Runs until the requests or the call end. Never rejects. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const next = await this.#requests.next();
        if (this.#stopped) return;
        if (next.done === true) break;
        await this.#write(this.#toMessage(next.value));
      }
      this.#call.end();
    } catch (error) {
      if (this.#stopped) return;
      this.failure = { error };
      this.#call.cancel();
    }
  }

  /** The call is over: nothing more is written, and the requests are told. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    // Requests that wait for something learn of it when that comes; nobody waits for them here.
    this.#requests.return?.()?.then(undefined, () => undefined);
  }

  // The callback comes when the transport has taken the message; after the end of a call it comes with an error.
  #write(message: Message): Promise<void> {
    return new Promise((resolve) => this.#call.write(message, () => resolve()));
  }
}
