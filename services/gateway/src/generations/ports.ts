import type { Logger, Metrics } from '@atelier/observability';
import type { Cost, UsageEvent } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type {
  Generation,
  GenerationEvent,
  GenerationRequest,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type {
  ListGenerationsRequest,
  ListGenerationsResponse,
  PreviewGenerationRequest,
  PreviewGenerationResponse,
} from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Organisation } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { CallContext, Client, Principal } from '@atelier/rpc';
import type { CycleJournal } from '../journal/cycle-journal.ts';
import type { CallerIdentity } from './caller-identity.ts';

export type { CallerIdentity } from './caller-identity.ts';

/** The services that a cycle calls. */
export interface EngineClients {
  readonly prompt: Client<typeof PromptService>;
  readonly templates: Client<typeof TemplateService>;
  readonly adapter: Client<typeof ImageGenerationService>;
  readonly catalog: Client<typeof CatalogService>;
  readonly evaluator: Client<typeof EvaluationService>;
  readonly rubrics: Client<typeof RubricService>;
  readonly images: Client<typeof ImageService>;
  readonly records: Client<typeof RecordService>;
}

/** Reads projects for the caller of a call. */
export interface ProjectReader {
  /**
   * The project as it is now, with its revision. Whatever its state: the engine refuses what is not ACTIVE. Throws
   * NOT_FOUND for what does not exist, is another team's, or is outside the project that the key is bound to.
   */
  get(name: string, ctx: CallContext): Promise<Project>;
}

/** Reads the rules that hold for every team. */
export interface OrganisationReader {
  /** The rules as they are now; revision 0, and none, while nobody wrote any. */
  get(ctx: CallContext): Promise<Organisation>;
}

/** Money that is about to be spent. */
export interface ReservationRequest {
  /** `{generation id}/{round}/{attempt}`. A repeat under the same id replaces the reservation, never adds to it. */
  readonly stepId: string;
  /** `teams/{id}`. */
  readonly team: string;
  /** `projects/{id}`. */
  readonly project: string;
  /** `models/{id}`. */
  readonly model: string;
  /** Upper bound of what the step costs. Absent `micro_usd` means that there is no price. */
  readonly estimate: Cost | undefined;
  /**
   * True where the step was begun before a restart, so that the money may be spent already: it is counted and never
   * refused.
   */
  readonly committed: boolean;
}

/** What a step really cost. */
export interface SettlementRequest {
  readonly stepId: string;
  readonly team: string;
  readonly project: string;
  /** Millionths of a US dollar; undefined where it is not known, which keeps the reservation as what was spent. */
  readonly actualMicroUsd: bigint | undefined;
}

/** Guards budgets: reserves before a paid call, settles after it. Exact under concurrency. */
export interface BudgetGuard {
  /**
   * Reserves, or throws RESOURCE_EXHAUSTED (BUDGET_EXCEEDED with a QuotaFailure) or FAILED_PRECONDITION (PRICE_UNKNOWN)
   * and then has reserved nothing.
   */
  reserve(request: ReservationRequest): Promise<void>;
  /**
   * Replaces the reservation by what was spent. It works without an earlier reservation too: judges and prompt writers
   * are settled only. A repeat under the same step changes nothing.
   */
  settle(request: SettlementRequest): Promise<void>;
  /** Gives the reservation back: nothing was spent. An unknown step is no error. */
  release(stepId: string): Promise<void>;
}

/** The ledger of what was used. */
export interface Ledger {
  /**
   * Appends durably. Ids derive from the step, so that a repeat counts once. All events are of one team. Throws
   * UNAVAILABLE while storage is away; the engine then tries again.
   */
  record(events: readonly UsageEvent[]): Promise<void>;
}

/** A claim on a request_id. */
export interface IdempotencyClaim {
  /** `teams/{id}`. */
  readonly team: string;
  readonly requestId: string;
  /** SHA-256 in hex of the canonical body without its request_id. */
  readonly bodyHash: string;
  /** Resource that would be made, `generations/{id}`. */
  readonly name: string;
}

/** Remembers request_ids for 7 days, durably. */
export interface IdempotencyStore {
  /**
   * Claims the id for the name, durably, and gives undefined; or gives the name that the same id and body had earlier.
   * Throws ALREADY_EXISTS (REQUEST_ID_REUSED, metadata `resource`) where the body was another.
   */
  claim(claim: IdempotencyClaim): Promise<string | undefined>;
  /** Takes back a claim whose creation failed. A claim of another name stays. */
  forget(claim: Pick<IdempotencyClaim, 'team' | 'requestId' | 'name'>): Promise<void>;
}

/** What the engine needs. The concrete adapters are named in `context.ts` alone. */
export interface EngineDeps {
  readonly clients: EngineClients;
  readonly journal: CycleJournal;
  readonly organisation: OrganisationReader;
  readonly projects: ProjectReader;
  readonly budgets: BudgetGuard;
  readonly ledger: Ledger;
  readonly idempotency: IdempotencyStore;
  /** A fresh signed principal for work in the background; its token is good for minutes. */
  readonly signPrincipal: (identity: CallerIdentity) => Principal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics?: Metrics | undefined;
  readonly settings?: Partial<EngineSettings> | undefined;
}

/** Numbers that an operator may set. */
export interface EngineSettings {
  /** Cycles that run at once; others wait as PENDING, first come first served. Default 32. */
  readonly maxRunning: number;
  /** Generations that may wait; beyond, creating is refused UNAVAILABLE / OVERLOADED. Default 1,000. */
  readonly maxPending: number;
  /** Gives the base of stable image addresses, without a slash at its end; empty for none. Default empty. */
  readonly publicUrl: () => string;
  /** Version of the platform, for the record. Default `dev`. */
  readonly platformVersion: string;
  /** First wait before a step that found its service away is tried again, in milliseconds; it doubles. Default 200. */
  readonly retryInitialMs: number;
  /** Longest such wait. Default 5,000. */
  readonly retryMaxMs: number;
  /** How long a cancelled generation waits for what the provider still delivers, in milliseconds. Default 15,000. */
  readonly cancelGraceMs: number;
}

/** What CreateGeneration gives. */
export interface CreatedGeneration {
  readonly generation: Generation;
  /** True where the request_id came earlier. */
  readonly existing: boolean;
}

/** Runs cycles. Every method with a context acts for the context's principal and sees its team alone. */
export interface GenerationEngine extends AsyncDisposable {
  /** Checks, reserves, records and starts. Nothing is spent where it throws. */
  create(request: GenerationRequest, ctx: CallContext): Promise<CreatedGeneration>;
  /** The generation as it is now, live or from the records. NOT_FOUND. */
  get(name: string, ctx: CallContext): Promise<Generation>;
  /** From the records, with the live state of those that run here. */
  list(request: ListGenerationsRequest, ctx: CallContext): Promise<ListGenerationsResponse>;
  /** Events after a number, then those that come, up to the end. Ends when `ctx.signal` is aborted. NOT_FOUND. */
  watch(name: string, afterNumber: bigint, ctx: CallContext): AsyncIterable<GenerationEvent>;
  /** Waits for the end. Aborting `ctx.signal` only stops the waiting. */
  wait(name: string, ctx: CallContext): Promise<Generation>;
  /** Cancels a running one, at the provider too; one that has ended stays as it is. NOT_FOUND. */
  cancel(name: string, reason: string, ctx: CallContext): Promise<Generation>;
  /** A dry run that spends nothing. */
  preview(request: PreviewGenerationRequest, ctx: CallContext): Promise<PreviewGenerationResponse>;
  /** The generation with signed PUBLIC urls in its results, where storage gives them. */
  withUrls(generation: Generation, ctx: CallContext): Promise<Generation>;
  /** At start: takes up every generation that did not end. Resolves when all are taken up, not when they have ended. */
  resume(): Promise<void>;
  /** Refuses new generations and stops between steps; what is journaled goes on at the next start. */
  drain(graceMs?: number): Promise<void>;
}
