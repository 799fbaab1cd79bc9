import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something in front of an HTTP server that lets everything through, until it is told to keep downloads waiting. */
export interface Gate extends AsyncDisposable {
  /** `http://host:port`. */
  readonly url: string;
  /** The paths of all downloads, in the order of their coming. */
  readonly asked: readonly string[];
  /** Sends what comes to that server, `http://host:port`. */
  leadTo(origin: string): void;
  /** From now on downloads wait at the gate. */
  close(): void;
  /** Lets go what waits, and what comes. */
  open(): void;
}

/** Starts a gate on loopback. */
export async function startGate(): Promise<Gate> {
  let origin = '';
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const asked: string[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, headers, url = '/' } = incoming;
    if (method === 'GET') {
      asked.push(url);
      await gate.promise;
    }
    // Whoever asked may have died meanwhile.
    if (outgoing.destroyed) return;
    const onwards = request(new URL(url, origin), { method, headers });
    outgoing.once('close', () => onwards.destroy());
    onwards.once('error', () => outgoing.destroy());
    onwards.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onwards);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    leadTo: (to) => {
      origin = to;
    },
    close: () => {
      gate = Promise.withResolvers<void>();
    },
    open: () => gate.resolve(),
    async [Symbol.asyncDispose]() {
      gate.resolve();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
