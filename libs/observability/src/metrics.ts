import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, type Registry };

/** The metrics of one service. Services add their own to `registry`. */
export interface Metrics {
  readonly registry: Registry;
  /** `atelier_rpc_server_seconds`: time from the arrival of a call to its status, by method and code. */
  readonly serverSeconds: Histogram<'method' | 'code'>;
  /** `atelier_rpc_server_in_flight`: calls whose handler has not ended, by method. */
  readonly serverInFlight: Gauge<'method'>;
  /** `atelier_rpc_client_seconds`: time from the start of a call to its status, retries included, by method and code. */
  readonly clientSeconds: Histogram<'method' | 'code'>;
  /** Adds the process's own metrics (memory, event loop, garbage collection). Call it once per process. */
  collectProcess(): void;
}

/** Seconds. From a call that is answered from memory to a whole cycle of generating and judging. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Makes a registry of its own for a service, so that several services may run in one process. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  return {
    registry,
    serverSeconds: new Histogram({
      name: 'atelier_rpc_server_seconds',
      help: 'Time from the arrival of a call to its status.',
      labelNames: ['method', 'code'],
      buckets: BUCKETS,
      registers,
    }),
    serverInFlight: new Gauge({
      name: 'atelier_rpc_server_in_flight',
      help: 'Calls whose handler has not ended.',
      labelNames: ['method'],
      registers,
    }),
    clientSeconds: new Histogram({
      name: 'atelier_rpc_client_seconds',
      help: 'Time from the start of a call to its status, retries included.',
      labelNames: ['method', 'code'],
      buckets: BUCKETS,
      registers,
    }),
    collectProcess: () => collectDefaultMetrics({ register: registry }),
  };
}
