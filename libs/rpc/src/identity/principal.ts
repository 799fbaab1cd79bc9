/** Who is calling: what the gateway found out about the caller, and every inner service is told. */
export interface Principal {
  /** `teams/{id}`. */
  readonly team: string;
  /** `projects/{id}`, for a key that may use one project only. */
  readonly project?: string | undefined;
  /** Id of the API key, or fingerprint of the certificate. */
  readonly keyId: string;
  /** Name for the audit: the key's display name, the certificate's subject, or the service's name. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** When this stops being good. */
  readonly expireTime: Date;
  /** `caller` for whoever came in from outside; `service` for work that a service does by itself. */
  readonly kind: 'caller' | 'service';
  /** The signed form, which travels through the mesh unchanged. A secret: never logged. */
  readonly token?: string | undefined;
}

/** Whether the principal holds the scope. */
export function hasScope(principal: Principal, scope: string): boolean {
  return principal.scopes.includes(scope);
}
