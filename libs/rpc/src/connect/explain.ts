import { type ErrorInfo, ErrorInfoSchema } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { create, toBinary, toJson } from '@bufbuild/protobuf';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { ERROR_DOMAIN } from '../errors/reason.ts';

/** Why Connect refuses what it cannot read, by its names of codes: bad JSON, too long a body, an encoding it has not. */
const REASONS: Readonly<Record<string, string>> = {
  invalid_argument: 'INVALID_FIELD',
  resource_exhausted: 'MESSAGE_TOO_LARGE',
  unimplemented: 'NOT_OFFERED',
};

interface ConnectErrorBody {
  readonly code?: string;
  readonly details?: readonly unknown[];
}

/**
 * Gives an error that Connect made by itself, before any of our code saw the request, the reason that every error
 * carries. All other answers pass as they are.
 */
export async function explain(answer: UniversalServerResponse): Promise<UniversalServerResponse> {
  const { status, header, body } = answer;
  const isError = status >= 400 && header?.get('content-type') === 'application/json';
  if (!isError || body === undefined) return answer;
  const bytes = await read(body);
  const error = JSON.parse(bytes.toString()) as ConnectErrorBody;
  const reason = REASONS[error.code ?? ''];
  if (reason === undefined || error.details !== undefined) return { ...answer, body: once(bytes) };
  const info = create(ErrorInfoSchema, { reason, domain: ERROR_DOMAIN });
  const explained = Buffer.from(JSON.stringify({ ...error, details: [detailOf(info)] }));
  const headers = new Headers(header);
  headers.set('content-length', String(explained.length));
  return { ...answer, header: headers, body: once(explained) };
}

/** A detail in the form that the Connect protocol has for it. */
function detailOf(info: ErrorInfo): object {
  return {
    type: info.$typeName,
    value: Buffer.from(toBinary(ErrorInfoSchema, info)).toString('base64').replace(/=+$/, ''),
    debug: toJson(ErrorInfoSchema, info),
  };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
