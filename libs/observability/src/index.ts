export { type ErrorFields, errorFields } from './error-fields.ts';
export { createLogger, LOG_LEVELS, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export { Counter, createMetrics, Gauge, Histogram, type Metrics, type Registry } from './metrics.ts';
export { type MetricsServer, serveMetrics } from './metrics-server.ts';
export { scrub } from './scrub.ts';
export {
  childTrace,
  formatTraceparent,
  newTrace,
  parseTraceparent,
  type TraceContext,
} from './trace-context.ts';
export { noopTracer, type Span, type SpanEnd, type Tracer } from './tracer.ts';
