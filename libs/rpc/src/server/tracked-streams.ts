import type {
  Server,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';

interface Endable {
  once(event: 'cancelled' | 'close', listener: () => void): unknown;
  end(): unknown;
}

/**
 * The long streams of services that are not ours (health watches, open reflection sessions). They never end by
 * themselves, and a drain would wait for them.
 */
export class TrackedStreams {
  readonly #open = new Set<Endable>();

  /** Stands in for the server while such a service adds itself, and keeps hold of its streams. */
  tracking(server: Server): Pick<Server, 'addService'> {
    return {
      addService: (definition: ServiceDefinition, implementation: UntypedServiceImplementation) => {
        const names = Object.keys(definition).filter((name) => definition[name]?.responseStream === true);
        const tracked = { ...implementation };
        for (const [name, handler] of Object.entries(implementation)) {
          if (names.some((candidate) => candidate.toLowerCase() === name.toLowerCase())) {
            tracked[name] = this.#wrap(handler);
          }
        }
        server.addService(definition, tracked);
      },
    };
  }

  /** Ends all of them with status OK, after what was already written. */
  endAll(): void {
    for (const call of this.#open) call.end();
  }

  #wrap(handler: UntypedHandleCall): UntypedHandleCall {
    return (call: Endable, ...rest: unknown[]) => {
      this.#open.add(call);
      const forget = () => this.#open.delete(call);
      call.once('cancelled', forget);
      call.once('close', forget);
      (handler as (...args: unknown[]) => void)(call, ...rest);
    };
  }
}
