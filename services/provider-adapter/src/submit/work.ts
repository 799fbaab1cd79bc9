import {
  type ReferenceImage,
  ReferenceImageSchema,
  type Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type GenerateImagesStarted,
  GenerateImagesStartedSchema,
  type ImageLineage,
  ImageLineageSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type Model, ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import type { Finish } from '../parameters/draft.ts';
import type { Size } from '../parameters/vocabulary.ts';
import type { Expected } from '../pictures/mismatches.ts';
import type { PriceConditions } from '../pricing/price.ts';

/**
 * All that is needed to make one candidate, and to go on with it in another process: the journal keeps it as the intent,
 * so that neither a change of the catalog nor a lost request can change what was begun.
 */
export interface Work {
  readonly key: string;
  /** `teams/{id}`. */
  readonly team: string;
  readonly submitTime: Date;
  readonly model: Model;
  readonly task: Task;
  /** The prompt as it is sent. */
  readonly prompt: string;
  readonly body: JsonObject;
  /** Keys of all candidates that the native request makes, in order. */
  readonly keys: readonly string[];
  /** Which of them this is. */
  readonly index: number;
  readonly seed: number | undefined;
  /** The images that the slots of the body speak of; every one is an image of the platform. */
  readonly references: readonly ReferenceImage[];
  readonly finish: Finish;
  readonly expected: Expected;
  readonly conditions: PriceConditions;
  /** The size that the model is asked for, where it is told one. */
  readonly sentSize: Size | undefined;
  readonly lineage: ImageLineage | undefined;
  /** What was told before the first submission. */
  readonly started: GenerateImagesStarted;
}

const VERSION = 1;

/** Fields whose JSON form is their own. */
interface Plain {
  readonly version: number;
  readonly key: string;
  readonly team: string;
  readonly submitTime: string;
  readonly task: Task;
  readonly prompt: string;
  readonly body: JsonObject;
  readonly keys: readonly string[];
  readonly index: number;
  readonly seed?: number;
  readonly finish: Finish;
  readonly expected: Expected;
  readonly conditions: PriceConditions;
  readonly sentSize?: Size;
}

/** The work as the journal keeps it. */
export function encodeWork(work: Work): JsonObject {
  const { model, references, lineage, started, submitTime, seed, sentSize, ...rest } = work;
  const plain: Plain = {
    ...rest,
    version: VERSION,
    submitTime: submitTime.toISOString(),
    ...(seed !== undefined && { seed }),
    ...(sentSize !== undefined && { sentSize }),
  };
  return {
    ...(plain as unknown as JsonObject),
    model: toJson(ModelSchema, model),
    references: references.map((reference) => toJson(ReferenceImageSchema, reference)),
    started: toJson(GenerateImagesStartedSchema, started),
    ...(lineage !== undefined && { lineage: toJson(ImageLineageSchema, lineage) }),
  };
}

/** The work in an intent. Fields that a later version added are passed over. */
export function decodeWork(intent: JsonObject): Work {
  const plain = intent as unknown as Plain;
  const options = { ignoreUnknownFields: true };
  const { model, references, lineage, started } = intent as Readonly<Record<string, JsonValue>>;
  return {
    key: plain.key,
    team: plain.team,
    submitTime: new Date(plain.submitTime),
    task: plain.task,
    prompt: plain.prompt,
    body: plain.body,
    keys: plain.keys,
    index: plain.index,
    seed: plain.seed,
    finish: plain.finish,
    expected: plain.expected,
    conditions: plain.conditions,
    sentSize: plain.sentSize,
    model: fromJson(ModelSchema, model ?? {}, options),
    references: ((references ?? []) as JsonValue[]).map((reference) =>
      fromJson(ReferenceImageSchema, reference, options),
    ),
    lineage: lineage === undefined ? undefined : fromJson(ImageLineageSchema, lineage, options),
    started: fromJson(GenerateImagesStartedSchema, started ?? {}, options),
  };
}
