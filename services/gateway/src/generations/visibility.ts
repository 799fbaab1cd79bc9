import { type CallContext, notFound, requirePrincipal } from '@atelier/rpc';

/** NOT_FOUND, as it is for what does not exist and for what is another team's. */
export function generationNotFound(name: string): Error {
  return notFound(`${name} does not exist.`, { metadata: { resource: name } });
}

/** Throws NOT_FOUND unless the caller may see what belongs to that team and project. */
export function requireVisible(
  name: string,
  owner: { readonly team: string; readonly project: string },
  ctx: CallContext,
): void {
  const principal = requirePrincipal(ctx);
  const isBoundElsewhere = (principal.project ?? '') !== '' && principal.project !== owner.project;
  if (principal.team !== owner.team || isBoundElsewhere) throw generationNotFound(name);
}
