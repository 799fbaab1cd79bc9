import { type Model, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { failedPrecondition, notFound, type RpcError, unavailable } from '@atelier/rpc';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { Catalog } from './catalog.ts';

/** Before a shutdown, answers carry a warning for so long: 90 days in milliseconds. */
const SHUTDOWN_NOTICE_MS = 90 * 24 * 3_600_000;

/** The model of a name. NOT_FOUND where there is none, UNAVAILABLE while the registered ones are not known yet. */
export function findModel(catalog: Catalog, name: string): Model {
  const model = catalog.get(name);
  if (model !== undefined) return model;
  if (!catalog.isSynced) {
    throw unavailable('Registered models are not known yet: storage cannot be reached.', {
      reason: 'SERVICE_UNREACHABLE',
      metadata: { service: 'storage' },
      retryAfterMs: 1_000,
    });
  }
  throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
}

/** Throws FAILED_PRECONDITION (WRONG_STATE) for an alias, which has no entry and no state of its own. */
export function requireModel(catalog: Catalog, name: string): void {
  const target = catalog.aliasTarget(name);
  if (target === undefined) return;
  throw failedPrecondition(`${name} is an alias of ${target}.`, {
    reason: 'WRONG_STATE',
    metadata: { resource: name, model: target },
  });
}

/** Throws FAILED_PRECONDITION (MODEL_UNAVAILABLE) where a model may not be used now, with what to use instead. */
export function requireUsable(model: Model, now: Date, allowExperimental: boolean): void {
  const instead = model.successor === '' ? '' : ` Use ${model.successor} instead.`;
  const shutdown = model.shutdownTime && timestampDate(model.shutdownTime);
  if (shutdown !== undefined && shutdown <= now) {
    throw refused(model, `${model.name} was shut down on ${dateText(shutdown)}.${instead}`, {
      shutdown_time: shutdown.toISOString(),
    });
  }
  if (model.state === ModelState.DISABLED) throw refused(model, `${model.name} is disabled.${instead}`);
  if (model.state === ModelState.EXPERIMENTAL && !allowExperimental) {
    throw refused(
      model,
      `${model.name} is experimental, and neither the request nor its project allows such models (policy.allow_experimental).`,
    );
  }
  if (!model.configured) {
    const missing = model.missingSettings.join(', ');
    throw refused(
      model,
      `The provider ${model.provider} of ${model.name} is not configured: set ${missing}.`,
    );
  }
}

/** Whether a model may be used by somebody now. */
export function isAvailable(model: Model, now: Date): boolean {
  const shutdown = model.shutdownTime && timestampDate(model.shutdownTime);
  return (
    model.configured && model.state !== ModelState.DISABLED && (shutdown === undefined || shutdown > now)
  );
}

/** What a caller should know of a model that may still be used. */
export function modelWarnings(model: Model, now: Date): string[] {
  const instead = model.successor === '' ? '' : `; its successor is ${model.successor}`;
  const warnings: string[] = [];
  const shutdown = model.shutdownTime && timestampDate(model.shutdownTime);
  if (model.state === ModelState.DEPRECATED) warnings.push(`${model.name} is deprecated${instead}`);
  if (shutdown !== undefined && shutdown.getTime() - now.getTime() < SHUTDOWN_NOTICE_MS) {
    warnings.push(`${model.name} will be shut down on ${dateText(shutdown)}${instead}`);
  }
  return warnings;
}

function refused(model: Model, message: string, more: Readonly<Record<string, string>> = {}): RpcError {
  const successor = model.successor === '' ? {} : { successor: model.successor };
  return failedPrecondition(message, {
    reason: 'MODEL_UNAVAILABLE',
    metadata: { resource: model.name, ...successor, ...more },
  });
}

function dateText(date: Date): string {
  return date.toISOString().slice(0, 10);
}
