export { formatHostPort, type HostPort, hostPort, isLoopback, parseHostPort } from './address.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { bool, concurrency, dataDir, durationMs, integer, list, origins, rate, secret } from './fields.ts';
export { type Instance, instances } from './instances.ts';
export { type Environment, loadConfig } from './load.ts';
export { Secret } from './secret.ts';
