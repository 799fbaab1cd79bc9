import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Registration } from './registration.ts';
import type { TrackedStreams } from './tracked-streams.ts';

/** The standard health service of one server: `grpc.health.v1.Health`, for the whole ('') and for each service. */
export class Health {
  readonly #implementation = new HealthImplementation();
  readonly #names: readonly string[];

  constructor(registrations: readonly Registration[]) {
    this.#names = ['', ...registrations.map(({ service }) => service.typeName)];
  }

  /** Adds the service. Everything is NOT_SERVING until told otherwise. */
  addTo(server: Server, streams: TrackedStreams): void {
    this.setAll(false);
    this.#implementation.addToServer(streams.tracking(server));
  }

  /** Tells watchers too. A service that is not registered may be named, such as one that is behind this server. */
  set(name: string, isServing: boolean): void {
    this.#implementation.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  }

  setAll(isServing: boolean): void {
    for (const name of this.#names) this.set(name, isServing);
  }
}
