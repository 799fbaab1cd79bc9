import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';

/**
 * Retries on UNAVAILABLE alone, three attempts in all (AIP-194); grpc-js jitters the pauses. INTERNAL is what it calls a
 * connection that is lost while it ends; where the platform itself says INTERNAL, it forbids the repeat by its pushback.
 */
const RETRY_POLICY = {
  maxAttempts: 3,
  initialBackoff: '0.1s',
  maxBackoff: '2s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE', 'INTERNAL'],
};

/** The gRPC service config: methods that the contract declares repeatable are retried, the others never. */
export function serviceConfig(services: readonly DescService[]): object {
  const name = services
    .flatMap((service) => service.methods.filter(isRepeatable))
    .map((method) => ({ service: method.parent.typeName, method: method.name }));
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [{ name, retryPolicy: RETRY_POLICY }],
    retryThrottling: { maxTokens: 100, tokenRatio: 0.1 },
  };
}

function isRepeatable(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || method.idempotency === Idempotency.IDEMPOTENT;
}
