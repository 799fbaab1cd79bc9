import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import type { ServiceConfig } from '@grpc/grpc-js';
import { faultsOnly } from './faults-only.ts';

/**
 * Retries of methods that declare themselves repeatable, on UNAVAILABLE only and at most 3 attempts (AIP-194). Backoff
 * is jittered by grpc-js between 0 and the value. INTERNAL is what a lost connection is called while it ends: an INTERNAL
 * that one of our servers sends says by its pushback that it is not to be repeated.
 */
const RETRY_POLICY = {
  maxAttempts: 3,
  initialBackoff: '0.05s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE', 'INTERNAL'],
};

/**
 * A client-wide budget: each failure costs a token, each success earns a tenth, and below half of the tokens nothing is
 * retried. So a broken server gets at most a tenth more calls, after a burst of 500 that covers all that one replica may
 * have at work and in its queue when it dies. 1,000 is the most that gRPC takes.
 */
const RETRY_THROTTLING = { maxTokens: 1_000, tokenRatio: 0.1 };

/** grpc-js takes durations as objects here; with strings it would fall back to one address without a word. */
const duration = (seconds: number, nanos = 0) => ({ seconds, nanos });

const ROUND_ROBIN = { round_robin: {} };

/**
 * Ejects an address while most of its answers are faults. The next is ejected only while less than a third of all are out,
 * so that it is never more than half.
 */
const OUTLIER_DETECTION = {
  outlier_detection: {
    interval: duration(1),
    base_ejection_time: duration(5),
    max_ejection_time: duration(60),
    max_ejection_percent: 33,
    failure_percentage_ejection: {
      threshold: 50,
      enforcement_percentage: 100,
      minimum_hosts: 2,
      request_volume: 10,
    },
    child_policy: [ROUND_ROBIN],
  },
};

/** Whether a method may be called twice with the effect of once, as its `idempotency_level` declares. */
export function isRepeatable(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || method.idempotency === Idempotency.IDEMPOTENT;
}

/** The gRPC service config of a channel: load balancing, and retries for the repeatable methods of its services. */
export function serviceConfig(services: readonly DescService[], outlierDetection: boolean): ServiceConfig {
  const repeatable = services.flatMap((service) => service.methods.filter(isRepeatable));
  const name = repeatable.map((method) => ({ service: method.parent.typeName, method: method.name }));
  return {
    loadBalancingConfig: [outlierDetection ? faultsOnly(OUTLIER_DETECTION) : ROUND_ROBIN],
    methodConfig: name.length === 0 ? [] : [{ name, retryPolicy: RETRY_POLICY }],
    retryThrottling: RETRY_THROTTLING,
  };
}
