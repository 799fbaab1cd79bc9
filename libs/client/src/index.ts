export { Atelier, createAtelier } from './atelier.ts';
export { approvedImage, approvedImages, NotApprovedError } from './generation/approved.ts';
export {
  type BriefInput,
  fullName,
  type GenerationInput,
  type ParametersInput,
  type RequestDefaults,
} from './generation/generation-input.ts';
export { type MediaType, mediaTypeOf } from './images/media-type.ts';
export type { AtelierOptions, Timeouts } from './options.ts';
export {
  AtelierError,
  type AtelierErrorOptions,
  type FieldViolation,
  type QuotaViolation,
} from './rpc/atelier-error.ts';
export type { CallOptions } from './rpc/call-options.ts';
export type { ClientMethod, ServiceClient } from './rpc/client.ts';
export { Code, type CodeName } from './rpc/code.ts';
export type { TlsOptions } from './rpc/connection.ts';
export type { HealthStatus } from './rpc/health.ts';
export { publicServices, type ServiceClients } from './services.ts';
