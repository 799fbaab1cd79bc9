import type { IncomingMessage } from 'node:http';
import { Code, cancelled, RpcError } from '@atelier/rpc';

/** Reads a body whole. Throws RESOURCE_EXHAUSTED (MESSAGE_TOO_LARGE) as soon as there are more bytes than allowed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The request stays open when the reading stops, so that the refusal can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof RpcError ? error : cancelled('The body broke off.', { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RpcError {
  return new RpcError(Code.RESOURCE_EXHAUSTED, `The body is larger than ${maxBytes} bytes.`, {
    reason: 'MESSAGE_TOO_LARGE',
  });
}
