import type { Logger } from '@atelier/observability';
import type { Settings } from '../settings.ts';

/** What a driver is made of. */
export interface DriverOptions {
  readonly settings: Settings;
  /** The API key; empty where there is none. */
  readonly key: string;
  readonly log: Logger;
}

/** What SDKs get for a key: the real one is put in where requests leave. */
export const KEPT_OUT = 'kept-out';
