/** Names of the metadata that the mesh uses. */
export const HEADER = {
  /** The signed principal. */
  principal: 'atelier-principal',
  /** The credential that services of one mesh share. */
  meshCredential: 'atelier-mesh-credential',
  /** Id under which all logs of one request are found. */
  requestId: 'atelier-request-id',
  /** The usual name of the same at HTTP edges; read, never written. */
  foreignRequestId: 'x-request-id',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  statusDetails: 'grpc-status-details-bin',
  /** When a client may repeat, by gRFC A6; negative forbids it. */
  retryPushback: 'grpc-retry-pushback-ms',
} as const;

/** Ids from outside go into logs, so they are short and plain, or not used. */
export function isRequestId(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(text);
}
