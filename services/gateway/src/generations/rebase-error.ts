import { Code, isRpcError, RpcError, unavailable } from '@atelier/rpc';

/** Gives the path of a field in the caller's request, or undefined where the caller has no such field. */
export type RenameField = (field: string) => string | undefined;

/**
 * An inner service's error as the caller of the gateway should read it: fields named by the path in the caller's own
 * request, the rest unchanged.
 */
export function rebaseError(error: unknown, rename: RenameField): unknown {
  if (!isRpcError(error) || error.fieldViolations.length === 0) return error;
  const { code, reason, metadata, retryAfterMs, quotaViolations, details, cause } = error;
  let { message } = error;
  const fieldViolations = error.fieldViolations.map((violation) => {
    const { field, description } = violation;
    const renamed = rename(field) ?? field;
    // The message names the first of them in the same words.
    message = message.replace(`${field}: ${description}`, () => `${renamed}: ${description}`);
    return { ...violation, field: renamed };
  });
  return new RpcError(code, message, {
    reason,
    metadata,
    fieldViolations,
    retryAfterMs,
    quotaViolations,
    details,
    cause,
  });
}

/** Prefixes paths that begin with one of the given fields. */
export function prefixed(prefix: string, ...fields: readonly string[]): RenameField {
  return (field) =>
    fields.some((name) => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`))
      ? `${prefix}.${field}`
      : undefined;
}

/** Awaits a call and renames the fields of its error; a service that is away is named. */
export async function calling<T>(service: string, call: Promise<T>, rename?: RenameField): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isRpcError(error, Code.UNAVAILABLE) && error.metadata.service === undefined) {
      throw unavailable(`The ${service} service cannot be reached.`, {
        reason: error.reason,
        metadata: { ...error.metadata, service },
        retryAfterMs: error.retryAfterMs,
        cause: error,
      });
    }
    throw rename === undefined ? error : rebaseError(error, rename);
  }
}
