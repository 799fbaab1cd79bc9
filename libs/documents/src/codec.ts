import { type DescMessage, fromJson, type JsonObject, type MessageShape, toJson } from '@bufbuild/protobuf';

/** How a value is kept as the content of a document. */
export interface DocumentCodec<T> {
  /** Name of the schema, written beside the content: `atelier.prompt.v1.Template`. */
  readonly schema: string;
  readonly encode: (value: T) => JsonObject;
  /** Throws where the content does not fit. Fields that this version does not know are passed over. */
  readonly decode: (content: JsonObject) => T;
}

/** Keeps messages in their JSON form, which versions N and N-1 of a service both read. */
export function messageCodec<D extends DescMessage>(schema: D): DocumentCodec<MessageShape<D>> {
  return {
    schema: schema.typeName,
    encode: (value) => toJson(schema, value) as JsonObject,
    decode: (content) => fromJson(schema, content, { ignoreUnknownFields: true }),
  };
}
