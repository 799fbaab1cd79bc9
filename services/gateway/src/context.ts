import { join, resolve } from 'node:path';
import { Counter, createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import type { Authenticator, Registration } from '@atelier/rpc';
import { AuditLog } from './audit/audit-log.ts';
import { BudgetKeeper } from './budget/budget-keeper.ts';
import { BudgetStore } from './budget/budget-store.ts';
import { limitsOf } from './budget/limits.ts';
import { SpendBook } from './budget/spend-book.ts';
import { SpendLoader } from './budget/spend-loader.ts';
import type { GatewayConfig } from './config.ts';
import { forwardedServices } from './forward/forwarded.ts';
import { type Mesh, openMesh } from './forward/mesh.ts';
import { createGenerationEngine } from './generations/generation-engine.ts';
import type { GenerationEngine } from './generations/ports.ts';
import { generationHandlers } from './handlers/generation/index.ts';
import { publicServices } from './handlers/registrations.ts';
import { LocalIdempotencyStore } from './idempotency/local-idempotency-store.ts';
import { callerIdentities } from './identity/caller-identity.ts';
import { KeyStore } from './identity/key-store.ts';
import { openLocalJournal } from './journal/local-journal.ts';
import { OrganisationStore } from './organisation/organisation-store.ts';
import { projectReader } from './projects/project-access.ts';
import { ProjectStore } from './projects/project-store.ts';
import { RecentCreations } from './resources/recent-creations.ts';
import { TeamStore } from './teams/team-store.ts';
import { recordLedger } from './usage/ledger.ts';
import { PLATFORM_VERSION } from './version.ts';

/** What tests may put in place of the real thing. */
export interface GatewayOverrides {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** Everything that runs in the gateway, wired. */
export interface GatewayContext extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly mesh: Mesh;
  readonly authenticate: Authenticator;
  readonly registrations: readonly Registration[];
  readonly engine: GenerationEngine;
  /** Begins what goes on by itself: following keys, reading the ledger, taking up cycles. Never rejects. */
  begin(): void;
}

/** Puts the gateway together. Nothing is called yet. Throws `ConfigError` where a file of the configuration is bad. */
export async function createContext(
  config: GatewayConfig,
  publicUrl: string,
  overrides: Partial<GatewayOverrides> = {},
): Promise<GatewayContext> {
  const log = overrides.log ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const metrics = overrides.metrics ?? createMetrics('gateway');
  const now = overrides.now ?? (() => new Date());
  const identities = callerIdentities(config, now);
  const stateDir = resolve(config.ATELIER_DATA_DIR, 'gateway');
  const stopping = new AbortController();

  const mesh = openMesh({
    targets: {
      storage: config.STORAGE_URL,
      'prompt-template': config.PROMPT_TEMPLATE_URL,
      'provider-adapter': config.PROVIDER_ADAPTER_URL,
      evaluator: config.EVALUATOR_URL,
    },
    credential: identities.mesh.credential,
    metrics,
  });
  const { documents, images, records, catalog, templates, rubrics } = mesh.clients;

  const keys = new KeyStore(documents, identities.ring);
  const teams = new TeamStore(documents, identities.builtinTeams);
  const organisation = new OrganisationStore(documents);
  const projects = new ProjectStore(documents);
  const budgets = new BudgetStore(documents);
  const book = new SpendBook();
  const loader = new SpendLoader(records, book, now);
  const alerts = new Counter({
    name: 'atelier_budget_alerts_total',
    help: 'Steps that cost more than was reserved, and reservations beyond a soft budget.',
    labelNames: ['kind'],
    registers: [metrics.registry],
  });
  const ceiling = config.GATEWAY_PRICE_CEILING_MICRO_USD;
  const keeper = new BudgetKeeper({
    book,
    loader,
    limitsOf: async (team, project) => {
      const [bound, found] = await Promise.all([
        budgets.ofTeam(team),
        project === '' ? undefined : projects.get(project),
      ]);
      return limitsOf(bound, team, project, found);
    },
    priceCeilingMicroUsd: ceiling === undefined ? undefined : BigInt(ceiling),
    now,
    log,
    onAlert: (kind) => alerts.inc({ kind }),
  });
  const ledger = recordLedger(records);
  const idempotency = new LocalIdempotencyStore(join(stateDir, 'request-ids.jsonl'), now);
  const journal = await openLocalJournal({
    directory: join(stateDir, 'journal'),
    now: () => now().getTime(),
  });
  const auditLog = new AuditLog(records, log);
  const engine = createGenerationEngine({
    clients: mesh.clients,
    journal,
    organisation,
    projects: projectReader(projects),
    budgets: keeper,
    ledger,
    idempotency,
    signPrincipal: (identity) => identities.mint({ ...identity, kind: 'caller' }),
    now: () => now().getTime(),
    log,
    metrics,
    settings: {
      maxRunning: config.GATEWAY_MAX_RUNNING_GENERATIONS,
      publicUrl: () => publicUrl,
      platformVersion: PLATFORM_VERSION,
    },
  });
  const creations = new RecentCreations();
  const registrations = publicServices({
    organisation: { store: organisation, rubrics, now },
    project: { store: projects, references: { catalog, templates, rubrics }, creations, now },
    team: { store: teams, creations, now },
    apiKey: { keys, teams, projects, now },
    budget: { store: budgets, book, loader, teams, projects, now },
    usage: { records, now },
    audit: { records },
    review: { images, records, idempotency, now },
    generation: generationHandlers(engine),
    forwarded: forwardedServices(mesh, { ledger, budgets: keeper, now }),
    auditLog,
    teams,
    now,
  });

  const background: Promise<unknown>[] = [];
  return {
    log,
    metrics,
    mesh,
    authenticate: identities.authenticator(keys),
    registrations,
    engine,
    begin() {
      const begun = [
        ...(config.GATEWAY_AUTH === 'off' ? [] : [keys.follow(stopping.signal, log)]),
        loader
          .ready()
          .catch((err: unknown) => log.info({ err }, 'the ledger will be read when storage is there')),
        engine.resume().catch((err: unknown) => log.error({ err }, 'cycles could not be taken up')),
      ];
      background.push(...begun);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await engine[Symbol.asyncDispose]();
      await Promise.all(background);
      await auditLog[Symbol.asyncDispose]();
      await journal[Symbol.asyncDispose]();
      await idempotency[Symbol.asyncDispose]();
      mesh[Symbol.dispose]();
    },
  };
}
