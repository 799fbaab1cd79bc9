import type { Logger } from '@atelier/observability';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { OnUnsupported, type ReferenceImage, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  GenerateImagesStartedSchema,
  type ImageLineage,
  type ImageRequest,
  type NativeRequest,
  NativeRequestSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type TranslationReceipt, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { Catalog } from '../catalog/catalog.ts';
import { findModel, modelWarnings, requireUsable } from '../catalog/usable.ts';
import type { ImageSlot } from '../parameters/image-slot.ts';
import { toReceipt } from '../parameters/receipt.ts';
import type { CandidateSeed } from '../parameters/requests.ts';
import { type Translation, translate } from '../parameters/translate.ts';
import { estimate, priceConditions } from '../pricing/estimate.ts';
import type { ImageFacts, Provider } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Work } from './work.ts';

/** What translating for a call needs. */
export interface PrepareContext {
  readonly catalog: Catalog;
  readonly providers: ProviderRegistry;
  readonly now: () => Date;
  readonly log: Logger;
}

/** A translated request that may be sent. */
export interface Prepared {
  readonly model: Model;
  readonly provider: Provider;
  readonly task: Task;
  readonly translation: Translation;
  readonly receipt: TranslationReceipt;
  readonly estimate: Cost;
}

/**
 * Translates a request for its model. Throws before anything is spent: NOT_FOUND, FAILED_PRECONDITION
 * (MODEL_UNAVAILABLE), or INVALID_ARGUMENT naming every field that contradicts another or cannot be honoured.
 */
export function prepare(
  context: PrepareContext,
  request: ImageRequest,
  candidates: readonly CandidateSeed[],
): Prepared {
  const now = context.now();
  const model = findModel(context.catalog, request.model);
  requireUsable(model, now, request.allowExperimental);
  const provider = context.providers.get(model.provider);
  if (provider === undefined) throw new Error(`the configured provider ${model.provider} does not exist`);
  const task = request.task === Task.UNSPECIFIED ? Task.GENERATE : request.task;
  const translation = translate({
    model,
    providerType: provider.type,
    task,
    prompt: request.prompt,
    layers: request.layers.flatMap(({ source, parameters }) =>
      parameters === undefined
        ? []
        : [{ source: source === ValueSource.UNSPECIFIED ? ValueSource.CALL : source, parameters }],
    ),
    policy:
      request.onUnsupported === OnUnsupported.UNSPECIFIED ? OnUnsupported.STRICT : request.onUnsupported,
    candidates,
  });
  refuseProblems(model, translation);
  return {
    model,
    provider,
    task,
    translation,
    receipt: toReceipt(model, translation.receipt, modelWarnings(model, now)),
    estimate: estimate(model, translation, task),
  };
}

function refuseProblems(model: Model, { problems }: Translation): void {
  if (problems.length === 0) return;
  const contradictory = problems.some(({ reason }) => reason === 'CONTRADICTORY_FIELDS');
  throw invalidArgument(problems, {
    reason: contradictory ? 'CONTRADICTORY_FIELDS' : 'UNSUPPORTED_PARAMETER',
    metadata: { resource: model.name },
  });
}

/** The native requests as they would leave, secrets redacted and images in words. */
export function nativeRequests(
  { model, provider, translation }: Prepared,
  facts: (slot: ImageSlot) => ImageFacts,
): NativeRequest[] {
  return translation.requests.map(({ body, candidates }) => {
    const call = {
      nativeModel: model.nativeModel,
      operation: model.operation,
      body,
      images: candidates.length,
    };
    const { method, url, headers, body: shown, parts } = provider.preview(call, facts);
    return create(NativeRequestSchema, {
      method,
      url,
      headers: { ...headers },
      body: shown,
      parts: parts.map(({ sizeBytes, ...part }) => ({ ...part, sizeBytes: BigInt(sizeBytes) })),
      images: candidates.length,
    });
  });
}

/** A candidate that is to be made. */
export interface Candidate {
  readonly key: string;
  readonly seed: number | undefined;
}

/** The work of each native request: one list of candidates for each. */
export function planWork(
  prepared: Prepared,
  call: {
    readonly team: string;
    readonly candidates: readonly Candidate[];
    readonly references: readonly ReferenceImage[];
    readonly lineage: ImageLineage | undefined;
    readonly nativeRequests: readonly NativeRequest[];
    readonly now: Date;
  },
): Work[][] {
  const { model, task, translation, receipt } = prepared;
  const { effective } = translation;
  const conditions = priceConditions(translation, task);
  const started = create(GenerateImagesStartedSchema, {
    receipt,
    nativeRequests: [...call.nativeRequests],
  });
  return translation.requests.map(({ body, candidates, seed }) => {
    const keys = candidates.map((position) => call.candidates[position]?.key ?? '');
    return keys.map((key, index) => ({
      key,
      team: call.team,
      submitTime: call.now,
      model,
      task,
      prompt: translation.prompt,
      body,
      keys,
      index,
      seed,
      references: call.references,
      finish: translation.finish,
      expected: expectedOf(translation),
      conditions,
      sentSize: translation.sentSize,
      lineage: call.lineage,
      started,
    }));
  });

  function expectedOf({ sentSize, finish }: Translation): Work['expected'] {
    const size = finish.size ?? effective.size ?? sentSize;
    const { aspectRatio } = effective;
    return {
      ...(size !== undefined && { size: { width: size.width, height: size.height } }),
      ...(aspectRatio !== undefined && size === undefined && { aspectRatio }),
      ...(conditions.output_format !== undefined && { format: conditions.output_format }),
      ...(conditions.background !== undefined && { background: conditions.background }),
    };
  }
}
