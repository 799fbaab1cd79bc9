import { file_atelier_common_v1_image } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { file_atelier_common_v1_money } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { file_atelier_common_v1_parameters } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { file_atelier_evaluation_v1_answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { file_atelier_evaluation_v1_rubric } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { file_atelier_gateway_v1_generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { file_atelier_prompt_v1_prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { file_atelier_prompt_v1_prompt_service } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { file_atelier_provider_v1_image_generation_service } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { file_atelier_provider_v1_receipt } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import {
  createRegistry,
  fromJson,
  isMessage,
  type JsonValue,
  type Message,
  toJson,
} from '@bufbuild/protobuf';

const registry = createRegistry(
  file_atelier_common_v1_image,
  file_atelier_common_v1_money,
  file_atelier_common_v1_parameters,
  file_atelier_evaluation_v1_answer,
  file_atelier_evaluation_v1_rubric,
  file_atelier_gateway_v1_generation,
  file_atelier_prompt_v1_prompt,
  file_atelier_prompt_v1_prompt_service,
  file_atelier_provider_v1_image_generation_service,
  file_atelier_provider_v1_receipt,
);

/** Keys that mark what plain JSON has no form for. Callers' own JSON sits inside messages, where it is not looked at. */
const TYPE = '$type';
const BIGINT = '$bigint';

/**
 * A value as JSON: plain objects and arrays as they are, protobuf messages by their own JSON form under their type's
 * name, bigints as text. Fields that are undefined are left out.
 */
export function encode(value: unknown): JsonValue {
  if (typeof value === 'bigint') return { [BIGINT]: value.toString() };
  if (isMessage(value)) return encodeMessage(value);
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, encode(item)]));
}

function encodeMessage(message: Message): JsonValue {
  const schema = registry.getMessage(message.$typeName);
  if (schema === undefined) throw new TypeError(`${message.$typeName} is not among the types of the journal`);
  return { [TYPE]: message.$typeName, value: toJson(schema, message) };
}

/** What `encode` was given. Fields of messages that this version does not know are passed over. */
export function decode(json: JsonValue): unknown {
  if (Array.isArray(json)) return json.map(decode);
  if (typeof json !== 'object' || json === null) return json;
  if (typeof json[BIGINT] === 'string') return BigInt(json[BIGINT]);
  if (typeof json[TYPE] === 'string') return decodeMessage(json[TYPE], json.value ?? null);
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decode(item)]));
}

function decodeMessage(typeName: string, value: JsonValue): Message {
  const schema = registry.getMessage(typeName);
  if (schema === undefined) throw new TypeError(`${typeName} is not among the types of the journal`);
  return fromJson(schema, value, { ignoreUnknownFields: true });
}
