import { type CallContext, hasScope, methodPath, permissionDenied, requirePrincipal } from '@atelier/rpc';
import type { DescMethod } from '@bufbuild/protobuf';
import { METHOD_SCOPES } from './scopes.ts';

/**
 * Throws PERMISSION_DENIED (SCOPE_MISSING) where the caller has none of the scopes that the method asks for. A method
 * that is not in the table is refused too.
 */
export function authorize(method: DescMethod, context: Pick<CallContext, 'principal' | 'method'>): void {
  const principal = requirePrincipal(context);
  const allowed = METHOD_SCOPES.get(methodPath(method)) ?? [];
  if (allowed.some((scope) => hasScope(principal, scope))) return;
  throw permissionDenied(
    `${method.parent.name}/${method.name} needs the scope ${allowed.join(' or ')}, which this key does not have.`,
    { reason: 'SCOPE_MISSING', metadata: { method: methodPath(method).slice(1), scopes: allowed.join(',') } },
  );
}
