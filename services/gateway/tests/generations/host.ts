import { join } from 'node:path';
import type { Secret } from '@atelier/config';
import { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { ProjectSchema, ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import {
  type Client,
  createClient,
  implement,
  notFound,
  openChannel,
  principalSigner,
  serve,
} from '@atelier/rpc';
import { create, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { BudgetKeeper } from '../../src/budget/budget-keeper.ts';
import { type Limit, SpendBook } from '../../src/budget/spend-book.ts';
import { SpendLoader } from '../../src/budget/spend-loader.ts';
import { type MeshService, openMesh } from '../../src/forward/mesh.ts';
import { createGenerationEngine } from '../../src/generations/generation-engine.ts';
import type { EngineSettings, GenerationEngine } from '../../src/generations/ports.ts';
import { generationHandlers } from '../../src/handlers/generation/index.ts';
import { LocalIdempotencyStore } from '../../src/idempotency/local-idempotency-store.ts';
import type { CycleJournal } from '../../src/journal/cycle-journal.ts';
import { openLocalJournal } from '../../src/journal/local-journal.ts';
import { recordLedger } from '../../src/usage/ledger.ts';
import { descriptorSet, log } from './scripted-servers.ts';

/** What a host of the engine is started with. */
export interface HostOptions {
  readonly targets: Readonly<Record<MeshService, string>>;
  readonly credential: Secret;
  readonly privateKey: Secret | string;
  readonly directory: string;
  readonly limits?: readonly Limit[];
  readonly settings?: Partial<EngineSettings>;
  /** The organisation's rules, asked for at every acceptance; none where it is left out. */
  readonly organisation?: () => Organisation;
  /** Wraps the journal, to die at one of its appends. */
  readonly journal?: (journal: CycleJournal) => CycleJournal;
}

/** The engine with its real local adapters behind a real socket; callers say who they are in `x-team`. */
export interface Host extends AsyncDisposable {
  readonly engine: GenerationEngine;
  readonly client: Client<typeof GenerationService>;
  readonly book: SpendBook;
}

type ProjectInit = Exclude<MessageInitShape<typeof ProjectSchema>, Message>;

const PROJECTS: Readonly<Record<string, ProjectInit>> = {
  'projects/cards': { rubric: 'rubrics/cards', defaultModel: 'models/a' },
  'projects/free': { defaultModel: 'models/a' },
  'projects/modelless': {},
  'projects/paused': { defaultModel: 'models/a', state: ProjectState.PAUSED },
  'projects/narrow': { defaultModel: 'models/a', allowedModels: ['models/b'] },
  'projects/asking': {
    rubric: 'rubrics/cards',
    defaultModel: 'models/a',
    questions: [{ id: 'fresh', text: 'Is it fresh?' }],
  },
  'projects/shadowing': {
    defaultModel: 'models/a',
    questions: [{ id: 'org-decent', text: 'Is it anything?' }],
  },
  'projects/worded': { defaultModel: 'models/a', forbiddenTerms: ['blue', 'ACME'] },
  'projects/styled': { defaultModel: 'models/a', parameters: { style: 'of Acme' } },
  'projects/templated': { defaultModel: 'models/a', template: 'templates/card', rubric: 'rubrics/cards' },
};

export async function startHost(options: HostOptions): Promise<Host> {
  await using stack = new AsyncDisposableStack();
  const { targets, credential, directory } = options;
  const mesh = stack.use(openMesh({ targets, credential }));
  const now = () => new Date();
  const local = await openLocalJournal({ directory: join(directory, 'journal'), now: Date.now });
  const journal = stack.use(options.journal?.(local) ?? local);
  const idempotency = stack.use(new LocalIdempotencyStore(join(directory, 'ids.jsonl'), now));
  const book = new SpendBook();
  const budgets = new BudgetKeeper({
    book,
    loader: new SpendLoader(mesh.clients.records, book, now),
    limitsOf: async () => options.limits ?? [],
    priceCeilingMicroUsd: undefined,
    now,
    log,
  });
  const sign = principalSigner(options.privateKey);
  const principal = (team: string) => ({ team, keyId: 'key-1', subject: 'tests', scopes: ['GENERATE'] });
  const expireTime = () => new Date(Date.now() + 60_000);
  const engine = stack.use(
    createGenerationEngine({
      clients: mesh.clients,
      journal,
      budgets,
      idempotency,
      ledger: recordLedger(mesh.clients.records),
      organisation: { get: async () => options.organisation?.() ?? create(OrganisationSchema) },
      projects: {
        get: async (name, ctx) => {
          const found = PROJECTS[name];
          if (found === undefined || ctx.principal?.team !== 'teams/t')
            throw notFound(`${name} does not exist.`);
          return create(ProjectSchema, { name, team: 'teams/t', revision: 4n, ...found });
        },
      },
      signPrincipal: (identity) => sign({ ...identity, kind: 'caller', expireTime: expireTime() }),
      now: Date.now,
      log,
      settings: {
        retryInitialMs: 10,
        retryMaxMs: 100,
        cancelGraceMs: 5_000,
        publicUrl: () => 'http://gateway',
        ...options.settings,
      },
    }),
  );
  const server = stack.use(
    await serve({
      name: 'gateway',
      address: { host: '127.0.0.1', port: 0 },
      registrations: [implement(GenerationService, generationHandlers(engine))],
      descriptorSet: await descriptorSet(),
      log,
      authenticate: async (headers) =>
        sign({ ...principal(headers.get('x-team') ?? 'teams/t'), kind: 'caller', expireTime: expireTime() }),
    }),
  );
  const channel = stack.use(openChannel(`127.0.0.1:${server.port}`, { services: [GenerationService] }));
  await engine.resume();
  const owned = stack.move();
  return {
    engine,
    book,
    client: createClient(GenerationService, channel),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
