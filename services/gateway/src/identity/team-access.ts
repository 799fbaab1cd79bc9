import { type CallContext, hasScope, type Principal, requirePrincipal } from '@atelier/rpc';
import { missing } from '../resources/not-found.ts';

type Context = Pick<CallContext, 'principal' | 'method'>;

/** Whether the caller administers the platform, and so may see other teams. */
export function isPlatformAdmin(principal: Principal): boolean {
  return hasScope(principal, 'platform-admin');
}

/**
 * The team that a request is about: the one it names, or the caller's where it names none. Another team is NOT_FOUND,
 * but for administrators of the platform.
 */
export function teamAsked(asked: string, context: Context): string {
  const principal = requirePrincipal(context);
  const team = asked === '' ? principal.team : asked;
  if (team !== principal.team && !isPlatformAdmin(principal)) throw missing(team);
  return team;
}

/** Whether the caller may use a project of its team: a key may be bound to one. */
export function mayUseProject(principal: Principal, project: string): boolean {
  return principal.project === undefined || principal.project === project;
}
