import type { CallLimits } from '@atelier/coordination';
import type { Logger } from '@atelier/observability';
import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { objectIn } from './answer.ts';
import { type Answered, type Driver, VendorError } from './drivers/driver.ts';
import { boundCost, tokenBound } from './estimate.ts';
import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelFailureKind,
  type ModelRequest,
} from './language-model.ts';
import { withRetries } from './retry.ts';
import { type Settings, settingsDigest } from './settings.ts';
import { Spending } from './spending.ts';

/** What is put around a driver. */
export interface BoundedModelOptions {
  readonly settings: Settings;
  /** What the instance's variables begin with. */
  readonly variable: string;
  readonly driver: Driver;
  readonly limits: CallLimits;
  readonly log: Logger;
  readonly random: () => number;
  readonly now: () => Date;
}

/** Whether an attempt has left whose end is not known: it may be billed. */
interface Flight {
  isOn: boolean;
}

/**
 * A driver within its bounds: a place among the instance's requests and a turn for each attempt, a time for each, repeats of what
 * may pass, and the money for all of them.
 */
export class BoundedModel implements LanguageModel {
  readonly instance: string;
  readonly type: string;
  readonly model: string;
  readonly vision: boolean;
  readonly logProbabilities: boolean;
  readonly takesTemperature: boolean;
  readonly settings: string;
  readonly #options: BoundedModelOptions;

  constructor(options: BoundedModelOptions) {
    const { settings } = options;
    this.#options = options;
    this.instance = settings.name;
    this.type = settings.type;
    this.model = settings.model;
    this.vision = settings.vision;
    this.logProbabilities = settings.logProbabilities;
    this.takesTemperature = settings.takesTemperature;
    this.settings = settingsDigest(settings);
  }

  get priced(): boolean {
    const { settings, now } = this.#options;
    return settings.priceOf(0, now()) !== undefined;
  }

  estimate(request: ModelRequest): Cost {
    const { settings, now } = this.#options;
    return boundCost(this.#bound(request), settings.priceOf, now());
  }

  async ask(
    request: ModelRequest,
    signal: AbortSignal,
    onAbandoned?: (usage: readonly Usage[]) => void,
  ): Promise<ModelAnswer> {
    signal.throwIfAborted();
    if (!this.vision && request.parts.some(({ kind }) => kind === 'image')) {
      throw this.#failure('invalid_request', 'it is not shown images');
    }
    const { settings, random, now } = this.#options;
    const spending = new Spending({
      kind: request.usageKind,
      instance: settings.name,
      model: settings.model,
      priceOf: settings.priceOf,
    });
    // Of a model that tells no log-probabilities they are not asked.
    const asked = {
      ...request,
      logProbabilities: this.logProbabilities && request.logProbabilities === true,
    };
    const flight: Flight = { isOn: false };
    try {
      const answered = await withRetries(() => this.#attempt(asked, signal, flight), {
        signal,
        random,
        onFailure: (failure, pauseMs) => {
          if (failure.mayBeBilled) spending.addUnknown(this.#bound(request), now());
          spending.addSeconds(failure.seconds ?? 0);
          this.#told(failure, pauseMs);
        },
      });
      this.#count(answered, request, spending);
      return this.#read(answered, spending);
    } catch (error) {
      if (signal.aborted) {
        if (flight.isOn) spending.addUnknown(this.#bound(request), now());
        onAbandoned?.(spending.usage);
        throw signal.reason;
      }
      if (!(error instanceof VendorError)) throw error;
      throw this.#failure(error.kind, error.message, spending);
    }
  }

  async #attempt(request: ModelRequest, signal: AbortSignal, flight: Flight): Promise<Answered> {
    const { settings, driver, limits } = this.#options;
    const attempt = async () => {
      await limits.pace(settings, signal);
      const timeout = AbortSignal.timeout(settings.timeoutMs);
      flight.isOn = true;
      try {
        const answered = await driver.ask(request, AbortSignal.any([signal, timeout]));
        flight.isOn = false;
        return answered;
      } catch (error) {
        signal.throwIfAborted();
        flight.isOn = false;
        if (!timeout.aborted || error instanceof VendorError) throw error;
        throw new VendorError('timeout', `no answer within ${settings.timeoutMs} ms`, { mayBeBilled: true });
      }
    };
    try {
      return await limits.within(settings, signal, attempt);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof VendorError) throw error;
      const { log } = this.#options;
      log.warn({ err: error, instance: settings.name }, 'a language model could not be asked');
      throw new VendorError('unavailable', 'it could not be asked');
    }
  }

  #told(failure: VendorError, pauseMs: number | undefined): void {
    const { settings, limits, log } = this.#options;
    // What the vendor says of one replica goes for all of them.
    if (failure.kind === 'rate_limited' && failure.retryAfterMs !== undefined && pauseMs !== undefined) {
      limits.pause(settings, failure.retryAfterMs);
    }
    const facts = { instance: settings.name, kind: failure.kind, reason: failure.message, pauseMs };
    log.info(facts, pauseMs === undefined ? 'a language model failed' : 'a language model is asked again');
  }

  #count({ consumption, seconds }: Answered, request: ModelRequest, spending: Spending): void {
    const now = this.#options.now();
    if (consumption !== undefined) spending.add(consumption, now);
    else if (seconds !== undefined) spending.addSeconds(seconds);
    else spending.addUnknown(this.#bound(request), now);
  }

  #read({ text, ending, tokens }: Answered, spending: Spending): ModelAnswer {
    if (ending === 'refused') throw this.#failure('refused', 'its moderation refused', spending);
    if (ending === 'cut') throw this.#failure('malformed', 'the answer was cut off', spending);
    const json = objectIn(text, !this.#options.settings.structured);
    if (json === undefined) throw this.#failure('malformed', 'the answer is no JSON object', spending);
    return { text, json, tokens, usage: spending.usage };
  }

  #bound(request: ModelRequest) {
    const { catalog, family, thinkingTokens: thinking } = this.#options.settings;
    return tokenBound(request, { catalog, family, thinking });
  }

  #failure(kind: ModelFailureKind, message: string, spending?: Spending): ModelFailure {
    const remedy = kind === 'auth' ? `; look at ${this.#options.variable}_API_KEY and its account` : '';
    const text = `The language model ${this.instance} (${this.model}): ${message}${remedy}.`;
    return new ModelFailure(kind, text, spending && { usage: spending.usage });
  }
}
