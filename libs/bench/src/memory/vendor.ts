import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A vendor of both kinds: it gives results as base64 in JSON and as addresses. */
export interface Vendor extends AsyncDisposable {
  readonly origin: string;
  /** Lets so many results open before any of them goes on, so that all are in flight at once. */
  holdUntil(results: number): void;
  /** Most results that were open at the same time. */
  readonly mostOpen: number;
}

/** Bytes of a result that are sent before it is held. */
const HEAD_BYTES = 65_536;

/** Bytes that are handed to a connection at a time. */
const PIECE_BYTES = 1_048_576;

/** Starts a vendor whose every result is this picture. */
export async function startVendor(picture: Buffer): Promise<Vendor> {
  const base64 = Buffer.from(`{"created":1,"data":[{"b64_json":"${picture.toString('base64')}"}]}`);
  let wanted = 1;
  let open = 0;
  let mostOpen = 0;
  let gate = Promise.withResolvers<void>();

  /** Sends the head of a result, waits until all results are open, and sends the rest as fast as it is read. */
  async function give(response: ServerResponse, type: string, bytes: Buffer): Promise<void> {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
    response.write(bytes.subarray(0, HEAD_BYTES));
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    if (open >= wanted) gate.resolve();
    await gate.promise;
    for (let start = HEAD_BYTES; start < bytes.length; start += PIECE_BYTES) {
      if (!response.write(bytes.subarray(start, start + PIECE_BYTES))) await once(response, 'drain');
    }
    response.end();
    open -= 1;
  }

  const server = createServer((request, response) => {
    request.resume();
    const { url = '' } = request;
    if (url.startsWith('/picture')) give(response, 'image/png', picture);
    else if (url.startsWith('/base64')) give(response, 'application/json', base64);
    else
      response.end(JSON.stringify({ data: [{ url: `${origin}/picture` }], usage: { cost_in_usd_ticks: 1 } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    holdUntil(results) {
      wanted = results;
      mostOpen = 0;
      gate = Promise.withResolvers<void>();
    },
    get mostOpen() {
      return mostOpen;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
