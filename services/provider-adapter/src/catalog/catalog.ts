import { type Model, ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { clone } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { etagOf } from './etag.ts';
import type { Registration } from './registration.ts';

/** What is known of a provider instance. */
export interface ProviderStatus {
  readonly isConfigured: boolean;
  /** Names of variables that are not set. */
  readonly missing: readonly string[];
}

/**
 * All models: the entries that come with the service, and over them what was registered at run time. Reading never
 * waits: the registrations are kept current by whoever watches them.
 */
export class Catalog {
  readonly #builtIn: ReadonlyMap<string, Model>;
  readonly #registrations = new Map<string, Registration>();
  readonly #statusOf: (provider: string) => ProviderStatus;
  #isSynced = false;

  constructor(builtIn: readonly Model[], statusOf: (provider: string) => ProviderStatus) {
    this.#builtIn = new Map(builtIn.map((model) => [model.name, model]));
    this.#statusOf = statusOf;
  }

  /** Whether all registrations were seen once. Before that, a name that is not found may be one of them. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  markSynced(): void {
    this.#isSynced = true;
  }

  /** The entry that comes with the service, without what was registered over it. */
  builtIn(name: string): Model | undefined {
    return this.#builtIn.get(name);
  }

  /** A model by its name or an alias, with all its output-only fields; undefined where there is none. */
  get(name: string): Model | undefined {
    const own = this.aliasTarget(name) ?? name;
    return this.with(own, this.#registrations.get(own));
  }

  /** The model that a name is an alias of; undefined for a name that is none. */
  aliasTarget(name: string): string | undefined {
    return this.#registrations.get(name)?.aliasOf;
  }

  /** The model as it would be with the given registration. */
  with(name: string, registration: Registration | undefined): Model | undefined {
    const builtIn = this.#builtIn.get(name);
    const base = registration?.model ?? builtIn;
    if (base === undefined) return undefined;
    const model = clone(ModelSchema, base);
    const status = this.#statusOf(model.provider);
    model.configured = status.isConfigured;
    model.missingSettings = [...status.missing];
    model.registered = registration?.model !== undefined;
    model.revision = (registration?.revision ?? 0n) + (builtIn === undefined ? 0n : 1n);
    model.etag = etagOf(name, model.revision);
    model.aliases = this.#aliasesOf(name);
    if (registration !== undefined) {
      model.state = registration.state ?? model.state;
      model.updateTime = timestampFromDate(registration.updateTime);
    }
    return model;
  }

  /** All models, by name. */
  list(): Model[] {
    const names = new Set([...this.#builtIn.keys(), ...this.#registrations.keys()]);
    return [...names]
      .sort()
      .filter((name) => this.aliasTarget(name) === undefined)
      .map((name) => this.get(name))
      .filter((model) => model !== undefined);
  }

  #aliasesOf(name: string): string[] {
    const all = [...this.#registrations.values()].filter(({ aliasOf }) => aliasOf === name);
    return all.map((registration) => registration.name).sort();
  }

  /** Takes in a registration, unless a later one of the same model is known already. */
  apply(registration: Registration): void {
    const known = this.#registrations.get(registration.name);
    if (known !== undefined && known.revision > registration.revision) return;
    this.#registrations.set(registration.name, registration);
  }

  remove(name: string): void {
    this.#registrations.delete(name);
  }
}
