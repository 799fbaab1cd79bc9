import { notFound, type RpcError } from '@atelier/rpc';

/** NOT_FOUND for a resource that is not there or is another team's: the two are told in the same words. */
export function missing(name: string): RpcError {
  return notFound(`There is no ${name}.`, { reason: 'NOT_FOUND', metadata: { resource: name } });
}

/** NOT_FOUND for a resource that a field of the request names. */
export function missingReference(field: string, name: string): RpcError {
  const description = `there is no ${name}`;
  return notFound(`${field}: ${description}.`, {
    reason: 'NOT_FOUND',
    metadata: { resource: name },
    fieldViolations: [{ field, description }],
  });
}
