import { implement, type Registration, unimplemented } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';

/** A service of which every method answers UNIMPLEMENTED (NOT_OFFERED), saying what it waits for. */
export function notOffered(service: DescService, waitsFor: string): Registration {
  const handlers = service.methods.map((method) => {
    const refusal = () =>
      unimplemented(`${service.name}/${method.name} is not offered yet: it waits for ${waitsFor}.`, {
        reason: 'NOT_OFFERED',
        metadata: { method: `${service.typeName}/${method.name}` },
      });
    const answersOnce = method.methodKind === 'unary' || method.methodKind === 'client_streaming';
    const handler = answersOnce
      ? () => Promise.reject(refusal())
      : () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refusal()) }) });
    return [method.localName, handler];
  });
  return implement(service, Object.fromEntries(handlers));
}
