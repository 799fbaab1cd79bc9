import type { EngineSettings } from './ports.ts';

/** What an engine runs with where nothing is said. */
export const DEFAULT_SETTINGS: EngineSettings = {
  maxRunning: 32,
  maxPending: 1_000,
  publicUrl: () => '',
  platformVersion: 'dev',
  retryInitialMs: 200,
  retryMaxMs: 5_000,
  cancelGraceMs: 15_000,
};

/**
 * Deadlines of single calls to inner services, in milliseconds. Those that ask language models leave time for repeats and
 * for vendors that are slow; the cycle's own time bounds them. A whole round of images has only that.
 */
export const CALL_TIMEOUT_MS = {
  lookUp: 20_000,
  prompt: 240_000,
  judge: 300_000,
  record: 20_000,
  cancel: 10_000,
  sign: 5_000,
} as const;
