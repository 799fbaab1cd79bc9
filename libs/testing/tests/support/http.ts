import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';

/** What is asked of an HTTP server. Any header may be set, `host` too. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What it answered. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Asks an HTTP/1.1 server, without following redirects or changing headers, as `fetch` would. */
export async function ask(
  url: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answered> {
  // A connection that is kept lets a server refuse a long body early and be heard.
  const agent = new Agent({ keepAlive: true });
  try {
    const asking = request(url, { agent, method, headers });
    asking.end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  } finally {
    agent.destroy();
  }
}

/** Calls a method of a gRPC server with raw bytes; gives the number of the status. */
export async function callGrpc(address: string, path: string, message = Buffer.alloc(0)): Promise<number> {
  const session = connect(`http://${address}`);
  try {
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(message.length, 1);
    const call = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status: unknown;
    for (const event of ['response', 'trailers']) {
      call.on(event, (headers: Record<string, unknown>) => {
        status = headers['grpc-status'] ?? status;
      });
    }
    call.end(Buffer.concat([frame, message]));
    call.resume();
    await once(call, 'close');
    return Number(status);
  } finally {
    session.close();
  }
}
