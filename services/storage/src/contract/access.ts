import {
  type CallContext,
  hasScope,
  notFound,
  type Principal,
  permissionDenied,
  type RpcError,
} from '@atelier/rpc';
import type { Reach } from '../reach.ts';

/** Scope of those who see all teams. */
export const PLATFORM_ADMIN = 'platform-admin';

/** Metadata by which a service of the mesh says that it speaks for itself, and not for a caller that it forwards. */
const CALLER_SERVICE = 'atelier-caller-service';

/** Services whose word counts on how an image came to be. */
const WITNESSES = new Set(['provider-adapter', 'gateway']);

/** What a call sees when it lists: its own team. A service of the mesh that calls by itself sees all. */
export function listReach({ principal }: Pick<CallContext, 'principal'>): Reach {
  return { team: principal?.team, project: principal?.project };
}

/** What a call sees when it names something: its own team, or all with the scope platform-admin. */
export function readReach(context: Pick<CallContext, 'principal'>): Reach {
  return isAdmin(context.principal) ? { team: undefined, project: undefined } : listReach(context);
}

/** Whether the caller administers the platform, or is a service of the mesh that calls by itself. */
export function isAdmin(principal: Principal | undefined): boolean {
  return principal === undefined || hasScope(principal, PLATFORM_ADMIN);
}

/** The service of the mesh that calls for itself; undefined for calls that are forwarded for a caller. */
export function callingService({ headers }: Pick<CallContext, 'headers'>): string | undefined {
  return headers.get(CALLER_SERVICE);
}

/** Whether the call comes from a service that knows how an image was made. */
export function isWitness(context: Pick<CallContext, 'headers'>): boolean {
  return WITNESSES.has(callingService(context) ?? '');
}

/** NOT_FOUND, the same for what is not there and for what is another team's. */
export function resourceNotFound(name: string): RpcError {
  return notFound(`There is no ${name}.`, { metadata: { resource: name } });
}

/** Throws PERMISSION_DENIED unless the caller administers the platform. */
export function requireAdmin({ principal }: Pick<CallContext, 'principal'>): void {
  if (isAdmin(principal)) return;
  throw permissionDenied(`The method needs the scope ${PLATFORM_ADMIN}.`, {
    metadata: { scope: PLATFORM_ADMIN },
  });
}
