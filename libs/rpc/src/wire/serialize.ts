import { type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';

/** A message as the Buffer that grpc-js asks for: a view of the encoded bytes, not a copy. */
export function encodeMessage(schema: DescMessage, message: Message): Buffer {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The message in the given bytes; throws where they are not one. Fields of type bytes are views of them. */
export function decodeMessage(schema: DescMessage, bytes: Uint8Array): Message {
  return fromBinary(schema, bytes);
}
