import { type AuditEvent, AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import { type CallContext, Code, codeName, type MethodEntry, toRpcError } from '@atelier/rpc';
import { create, type Message } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import { isStream, type Wrapper } from '../identity/wrap.ts';
import { isAdministrativeAct } from './acts.ts';
import type { AuditLog } from './audit-log.ts';
import { subjectOf } from './subject.ts';

/** Keeps a record of every administrative act, whether it succeeded, failed or was not allowed. */
export function audited(log: AuditLog, now: () => Date): Wrapper {
  return (entry, next) => {
    if (!isAdministrativeAct(entry.method)) return next;
    const tell = (request: Message, context: CallContext, code: Code, response?: object) =>
      log.record(eventOf(entry, request, context, code, response, now()));
    if (isStream(entry)) {
      return async function* (input, context) {
        let code: Code = Code.CANCELLED;
        try {
          yield* next(input, context) as AsyncIterable<object>;
          code = Code.OK;
        } catch (error) {
          code = toRpcError(error, context.signal).code;
          throw error;
        } finally {
          await tell(input as Message, context, code);
        }
      };
    }
    return async (input, context) => {
      try {
        const response = await (next(input, context) as Promise<object>);
        await tell(input as Message, context, Code.OK, response);
        return response;
      } catch (error) {
        await tell(input as Message, context, toRpcError(error, context.signal).code);
        throw error;
      }
    };
  };
}

function eventOf(
  { method }: MethodEntry,
  request: Message,
  { principal, requestId }: CallContext,
  code: Code,
  response: object | undefined,
  now: Date,
): AuditEvent {
  const { resource, team, details } = subjectOf(method, request, response);
  // What failed belongs to who tried it: nobody writes into another team's log by naming it.
  const concerned = code === Code.OK ? (team ?? principal?.team) : principal?.team;
  return create(AuditEventSchema, {
    id: uuidv7(),
    team: concerned ?? '',
    actor: principal === undefined ? '' : `${principal.keyId} (${principal.subject})`,
    method: `${method.parent.typeName}/${method.name}`,
    resource,
    code: codeName(code),
    details,
    eventTime: timestampFromDate(now),
    requestId,
  });
}
