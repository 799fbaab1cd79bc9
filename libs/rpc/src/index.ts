export type { CallOptions } from './client/call-options.ts';
export { Channel, type ChannelOptions, type ClientTls, openChannel } from './client/channel.ts';
export { type Client, type ClientMethod, createClient } from './client/client.ts';
export { type ForwardOptions, forward } from './client/forward.ts';
export { checkHealth, type HealthStatus } from './client/health.ts';
export { isRepeatable } from './client/service-config.ts';
export { type ConnectHandler, type ConnectOptions, connectRoutes } from './connect/routes.ts';
export { type CallContext, requirePrincipal } from './context/call-context.ts';
export { race } from './context/race.ts';
export { Code, type CodeName, codeName } from './errors/code.ts';
export * from './errors/constructors.ts';
export { ERROR_DOMAIN, type Reason } from './errors/reason.ts';
export {
  type FieldViolation,
  isRpcError,
  packDetail,
  type QuotaViolation,
  RpcError,
  type RpcErrorOptions,
} from './errors/rpc-error.ts';
export { toRpcError } from './errors/to-rpc-error.ts';
export {
  type Authenticator,
  type MeshAuthenticatorOptions,
  meshAuthenticator,
  type PeerCertificate,
} from './identity/authenticator.ts';
export {
  generateMeshKeys,
  type MeshKeys,
  type PrivateKeyInput,
  type PublicKeyInput,
  publicKeyOf,
} from './identity/keys.ts';
export {
  loadMeshIdentity,
  type MeshIdentity,
  type MeshSettings,
  meshVariables,
} from './identity/mesh-identity.ts';
export { hasScope, type Principal } from './identity/principal.ts';
export {
  type PrincipalSigner,
  type PrincipalVerifier,
  type PrincipalVerifierOptions,
  principalSigner,
  principalVerifier,
} from './identity/signer.ts';
export {
  type Access,
  type Handler,
  type Handlers,
  type ImplementOptions,
  implement,
  type MethodEntry,
  methodPath,
  type Registration,
} from './server/registration.ts';
export type { RuntimeOptions, ServerLimits } from './server/runtime.ts';
export { maxConnectionAge, type RpcServer, type ServeOptions, serve } from './server/serve.ts';
export type { ServerTls } from './server/tls.ts';
export { validate, violationsOf } from './server/validation.ts';
export { HEADER } from './wire/headers.ts';
