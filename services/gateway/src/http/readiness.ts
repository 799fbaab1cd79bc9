import { type Channel, checkHealth } from '@atelier/rpc';

/** How long an answer of a probe is good, and how long a service may take for it. Milliseconds. */
const FRESH_MS = 2_000;
const TIMEOUT_MS = 1_000;

/** How the services behind the gateway are. */
export interface MeshHealth {
  /** Whether callers should be sent here. */
  readonly isReady: boolean;
  /** By name: SERVING, NOT_SERVING or UNREACHABLE. */
  readonly services: Readonly<Record<string, string>>;
}

/**
 * Whether callers should be sent to this gateway. Not before storage was seen once, since nothing works without it, and
 * not while draining. A service that goes away later does not count: calls that need it are answered with UNAVAILABLE and
 * its name, and taking the gateway away too would turn one fault into two.
 */
export class Readiness {
  readonly #channels: Readonly<Record<string, Channel>>;
  #hasSeenStorage = false;
  #isDraining = false;
  #probe: { readonly at: number; readonly health: Promise<Readonly<Record<string, string>>> } | undefined;

  constructor(channels: Readonly<Record<string, Channel>>) {
    this.#channels = channels;
  }

  /** From now on callers should go elsewhere. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Asks every service, at most every two seconds. */
  async check(): Promise<MeshHealth> {
    const now = performance.now();
    if (this.#probe === undefined || now - this.#probe.at > FRESH_MS) {
      this.#probe = { at: now, health: this.#askAll() };
    }
    const services = await this.#probe.health;
    this.#hasSeenStorage ||= services.storage === 'SERVING';
    return { isReady: this.#hasSeenStorage && !this.#isDraining, services };
  }

  async #askAll(): Promise<Readonly<Record<string, string>>> {
    const asked = Object.entries(this.#channels).map(async ([name, channel]): Promise<[string, string]> => {
      try {
        return [name, await checkHealth(channel, '', TIMEOUT_MS)];
      } catch {
        return [name, 'UNREACHABLE'];
      }
    });
    return Object.fromEntries(await Promise.all(asked));
  }
}
