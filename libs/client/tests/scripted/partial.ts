import { type Handlers, implement, type Registration, unimplemented } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';

/** A service of which a test scripts a part; the rest answers UNIMPLEMENTED. Nothing asks for a credential. */
export function partial<S extends DescService>(service: S, handlers: Partial<Handlers<S>>): Registration {
  const all = Object.fromEntries(
    service.methods.map((method) => {
      const given = (handlers as Record<string, unknown>)[method.localName];
      const missing = () => {
        throw unimplemented(`${method.name} is not scripted.`);
      };
      return [method.localName, given ?? missing];
    }),
  );
  return implement(service, all as Handlers<S>, { access: () => 'public' });
}
