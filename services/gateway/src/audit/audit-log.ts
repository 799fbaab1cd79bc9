import type { Logger } from '@atelier/observability';
import { type AuditEvent, AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';
import { toJson } from '@bufbuild/protobuf';

/** How long an act waits for its record, and how long what could not be kept waits for the next attempt. */
const APPEND_TIMEOUT_MS = 5_000;
const RETRY_MS = 5_000;

/** Records that wait for storage; more are only logged. */
const MAX_WAITING = 10_000;

/**
 * Keeps records of administrative acts in storage. A record that cannot be kept at once is written whole to the log, and
 * kept as soon as storage answers again; its id makes a repeat harmless.
 */
export class AuditLog implements AsyncDisposable {
  readonly #records: Client<typeof RecordService>;
  readonly #log: Logger;
  #waiting: AuditEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(records: Client<typeof RecordService>, log: Logger) {
    this.#records = records;
    this.#log = log;
  }

  /** Keeps a record. Never rejects: the act has happened already. */
  async record(event: AuditEvent): Promise<void> {
    try {
      await this.#append(event);
    } catch (error) {
      const act = toJson(AuditEventSchema, event);
      this.#log.error({ err: error, act }, 'the record of an act waits for storage');
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(event);
      this.#retryLater();
    }
  }

  /** Tries once more to keep what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [index, event] of waiting.entries()) {
      try {
        await this.#append(event);
      } catch (error) {
        this.#log.debug({ err: error }, 'records of acts still wait for storage');
        this.#waiting = [...waiting.slice(index), ...this.#waiting];
        this.#retryLater();
        return;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #append(value: AuditEvent): Promise<void> {
    await this.#records.appendRecords(
      { records: [{ record: { case: 'audit', value } }] },
      { timeoutMs: APPEND_TIMEOUT_MS, requestId: value.requestId },
    );
  }

  #retryLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, RETRY_MS).unref();
  }
}
