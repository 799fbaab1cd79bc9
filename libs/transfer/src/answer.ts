import type { Dispatcher } from 'undici';

/** More of an error's body is not read. */
const MAX_BODY_BYTES = 4_096;

/**
 * Ends an answer that brings no content, and gives the reason of the contract that our own store puts into its errors;
 * another store's body has none.
 */
export async function answerReason(answer: Dispatcher.ResponseData): Promise<string | undefined> {
  if (answer.statusCode < 400) {
    await answer.body.dump();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) return undefined;
  }
  return reasonOf(Buffer.concat(chunks).toString());
}

function reasonOf(text: string): string | undefined {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  } catch {
    return undefined;
  }
}
