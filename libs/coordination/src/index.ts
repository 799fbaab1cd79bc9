export type { Bounded, CallLimits, Rate } from './limits/call-limits.ts';
export { LocalLimits } from './limits/local.ts';
export { RedisLimits } from './limits/redis.ts';
export { onRedis, openRedis, type RedisConnections } from './redis.ts';
export { WakeUps } from './wake-ups.ts';
