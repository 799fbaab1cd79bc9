import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** A name server of a test's own, which knows one name. */
export interface TestDns extends AsyncDisposable {
  /** `host:port`, as it stands in a gRPC target: `dns://{address}/{name}:{port}`. */
  readonly address: string;
  /** The IPv4 addresses that the name has from now on. */
  answer(addresses: readonly string[]): void;
}

/** Sizes in bytes, and codes, of RFC 1035. */
const HEADER_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
/** A response, recursion desired and available; with it, that the name does not exist. */
const FLAGS_ANSWER = 0x8180;
const FLAGS_NO_SUCH_NAME = 0x8183;
/** Points at the name of the question, which begins behind the header. */
const SAME_NAME = 0xc000 | HEADER_BYTES;

/**
 * Serves the A records of one name over UDP on loopback, as the DNS of a cluster does for a headless service: one record
 * for each replica, in an order that turns with every answer, and never to be kept (TTL 0). It has no records of other
 * types. grpc-js asks the server that a target names only where `GRPC_NODE_USE_ALTERNATIVE_RESOLVER` is `true` in the
 * environment of the process; else it asks the system.
 */
export async function startDns(name: string): Promise<TestDns> {
  const socket = createSocket('udp4');
  let known: readonly string[] = [];
  let turn = 0;
  socket.on('message', (query: Buffer, { address, port }: RemoteInfo) => {
    const question = readQuestion(query);
    if (question === undefined) return;
    const shift = known.length === 0 ? 0 : turn++ % known.length;
    const turned = [...known.slice(shift), ...known.slice(0, shift)];
    const isKnown = question.name === name.toLowerCase();
    socket.send(response(query, question, isKnown ? turned : undefined), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    answer: (addresses) => {
      known = [...addresses];
    },
    async [Symbol.asyncDispose]() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where the question ends. */
  readonly end: number;
}

/** The one question of a query; undefined for what is no query. Queries do not compress their names. */
function readQuestion(query: Buffer): Question | undefined {
  if (query.length < HEADER_BYTES || query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  if (end > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end };
}

/** Without addresses the name does not exist; a name that exists may have no record of the type that was asked for. */
function response(query: Buffer, { type, end }: Question, addresses: readonly string[] | undefined): Buffer {
  const records = type === TYPE_A ? (addresses ?? []) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(addresses === undefined ? FLAGS_NO_SUCH_NAME : FLAGS_ANSWER, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...records.map(addressRecord)]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(SAME_NAME, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(0, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return record;
}
