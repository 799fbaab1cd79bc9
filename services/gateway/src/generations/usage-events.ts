import { type UsageEvent, UsageEventSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { v5 as uuidv5 } from 'uuid';
import type { CycleState } from '../cycle/state.ts';

/** Namespace of the ids of usage events. Changing it would count everything twice. */
const NAMESPACE = '6f3f9a52-0f0b-4d0c-9d6c-0e8a3c1f7b21';

/**
 * The ledger's events of everything that a generation used so far, in order. Their ids derive from generation, step, kind
 * and position, so that the same use always has the same id, however often it is told.
 */
export function usageEvents(state: CycleState, keyId: string): UsageEvent[] {
  const { facts, usage } = state;
  const seen = new Map<string, number>();
  return usage.map(({ step, usage: used, timeMs }) => {
    const position = seen.get(`${step}/${used.kind}`) ?? 0;
    seen.set(`${step}/${used.kind}`, position + 1);
    return create(UsageEventSchema, {
      id: uuidv5(`${facts.name}/${step}/${used.kind}/${position}`, NAMESPACE),
      team: facts.team,
      project: facts.request.project,
      generation: facts.name,
      subjectId: facts.request.subjectId,
      usage: used,
      eventTime: timestampFromMs(timeMs),
      keyId,
    });
  });
}
