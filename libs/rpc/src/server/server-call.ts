import {
  childTrace,
  type Logger,
  parseTraceparent,
  type Span,
  type TraceContext,
} from '@atelier/observability';
import { v7 as uuidv7 } from 'uuid';
import type { CallContext } from '../context/call-context.ts';
import { answerBy } from '../context/deadline.ts';
import { Code, codeName } from '../errors/code.ts';
import { cancelled, deadlineExceeded, overloaded, unauthenticated } from '../errors/constructors.ts';
import { isRpcError, type RpcError } from '../errors/rpc-error.ts';
import { toRpcError } from '../errors/to-rpc-error.ts';
import type { PeerCertificate } from '../identity/authenticator.ts';
import type { Principal } from '../identity/principal.ts';
import { HEADER, isRequestId } from '../wire/headers.ts';
import type { MethodEntry } from './registration.ts';
import type { Runtime } from './runtime.ts';

/** A call as a transport hands it over. */
export interface Arrival {
  readonly headers: ReadonlyMap<string, string>;
  readonly peer: string;
  readonly certificate?: PeerCertificate | undefined;
  /** Milliseconds until the caller gives up, if it said so. */
  readonly timeoutMs: number | undefined;
  /** Aborted when the caller cancels or its connection ends. */
  readonly cancelled: AbortSignal;
}

/** One call from its arrival to its status: the signal, the context, and what is logged and measured at the end. */
export class ServerCall {
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly #runtime: Runtime;
  readonly #entry: MethodEntry;
  readonly #arrival: Arrival;
  readonly #abort = new AbortController();
  readonly #deadline: Date | undefined;
  readonly #trace: TraceContext;
  readonly #span: Span;
  readonly #startedAt = performance.now();
  readonly #leave: () => void;
  readonly #cleanups: (() => void)[] = [];
  #principal: Principal | undefined;
  #log: Logger | undefined;
  #ended = false;

  constructor(runtime: Runtime, entry: MethodEntry, arrival: Arrival) {
    this.#runtime = runtime;
    this.#entry = entry;
    this.#arrival = arrival;
    this.signal = this.#abort.signal;
    const { headers, timeoutMs } = arrival;
    this.requestId =
      [headers.get(HEADER.requestId), headers.get(HEADER.foreignRequestId)].find(isRequestId) ?? uuidv7();
    this.#trace = childTrace(
      parseTraceparent(headers.get(HEADER.traceparent), headers.get(HEADER.tracestate)),
    );
    this.#span = runtime.tracer.start(entry.path, 'server', this.#trace);
    this.#deadline = timeoutMs === undefined ? undefined : answerBy(timeoutMs);
    this.#leave = this.#enter();
    this.#watch();
  }

  /** Refuses the call or finds out who makes it, before the request is read. */
  async admit(): Promise<CallContext> {
    if (this.#runtime.inFlight.count > this.#runtime.maxConcurrentCalls) throw overloaded();
    this.#principal = await this.#authenticate();
    return this.#context();
  }

  /** The handler has ended, which may be after the call did. */
  leave(): void {
    this.#leave();
  }

  /** The call was answered. */
  succeed(): void {
    this.#end(Code.OK);
  }

  /** The call failed. Gives what its caller is told. */
  fail(thrown: unknown): RpcError {
    const error = toRpcError(thrown, this.signal, this.requestId);
    this.#end(error.code, error);
    return error;
  }

  #enter(): () => void {
    const { inFlight, metrics } = this.#runtime;
    const leave = inFlight.enter();
    metrics?.serverInFlight.inc({ method: this.#entry.path });
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
      metrics?.serverInFlight.dec({ method: this.#entry.path });
    };
  }

  #watch(): void {
    this.#follow(this.#arrival.cancelled, () => cancelled());
    this.#follow(this.#runtime.stopping.signal, () => this.#runtime.stopping.signal.reason);
    if (this.#deadline === undefined) return;
    const timer = setTimeout(
      () => this.#abort.abort(deadlineExceeded()),
      this.#deadline.getTime() - Date.now(),
    );
    this.#cleanups.push(() => clearTimeout(timer));
  }

  #follow(source: AbortSignal, reason: () => unknown): void {
    const onAbort = () => this.#abort.abort(reason());
    if (source.aborted) onAbort();
    source.addEventListener('abort', onAbort, { once: true });
    this.#cleanups.push(() => source.removeEventListener('abort', onAbort));
  }

  async #authenticate(): Promise<Principal | undefined> {
    const { headers, peer, certificate } = this.#arrival;
    const { access, path } = this.#entry;
    try {
      const principal = await this.#runtime.authenticate(headers, peer, certificate);
      if (principal !== undefined || access !== 'caller') return principal;
    } catch (error) {
      if (access === 'public' && isRpcError(error, Code.UNAUTHENTICATED)) return undefined;
      throw error;
    }
    throw unauthenticated(`${path} needs a principal.`);
  }

  // A plain object, so that handlers may spread it into call options.
  #context(): CallContext {
    const logger = () => this.#logger();
    return {
      signal: this.signal,
      deadline: this.#deadline,
      principal: this.#principal,
      requestId: this.requestId,
      trace: this.#trace,
      get log() {
        return logger();
      },
      method: this.#entry.method,
      headers: this.#arrival.headers,
      peer: this.#arrival.peer,
      draining: this.#runtime.draining.signal,
    };
  }

  // Made at the first line only: most calls write none.
  #logger(): Logger {
    const { requestId } = this;
    this.#log ??= this.#runtime.log.child({
      requestId,
      traceId: this.#trace.traceId,
      method: this.#entry.path,
    });
    return this.#log;
  }

  #end(code: Code, error?: RpcError): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    const ms = performance.now() - this.#startedAt;
    const status = codeName(code);
    this.#runtime.metrics?.serverSeconds.observe({ method: this.#entry.path, code: status }, ms / 1_000);
    this.#span.end({ status });
    const isFault = code === Code.INTERNAL || code === Code.UNKNOWN || code === Code.DATA_LOSS;
    const level = isFault ? 'warn' : 'debug';
    if (!this.#runtime.log.isLevelEnabled(level)) return;
    this.#logger()[level](
      {
        code: status,
        ms: Math.round(ms * 10) / 10,
        peer: this.#arrival.peer,
        ...(this.#principal !== undefined && { team: this.#principal.team }),
        ...(error !== undefined && { reason: error.reason }),
        ...(isFault && { err: error?.cause ?? error }),
      },
      'call ended',
    );
  }
}
