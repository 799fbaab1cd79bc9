import { randomInt } from 'node:crypto';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { OnUnsupported, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { CyclePolicy, GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Project, ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import {
  type CallContext,
  failedPrecondition,
  invalidArgument,
  requirePrincipal,
  unimplemented,
} from '@atelier/rpc';
import type { CyclePlan, GenerationFacts } from '../cycle/plan.ts';
import { DERIVED_SEED_LIMIT } from '../cycle/seeds.ts';
import { unitedTerms } from '../organisation/forbidden-terms.ts';
import type { CycleWork } from './cycle-work.ts';
import { refuseForbiddenWords } from './forbidden-words.ts';
import { heldOutPanel } from './held-out.ts';
import { layeredReferences, layeredValue, parameterLayers } from './layers.ts';
import { canEdit, requireAllowed, targetOf } from './models.ts';
import { effectivePolicy, planOf } from './policy.ts';
import type { EngineDeps, EngineSettings } from './ports.ts';
import { askersOf, checkQuestions, hasQuestions, type Looking } from './questions.ts';
import { calling, prefixed, type RenameField } from './rebase-error.ts';
import { imageRequest, MAX_BRIEF } from './requests.ts';

/** A request after everything that it names was looked up, pinned and checked. */
export interface Resolved {
  readonly project: Project;
  readonly policy: CyclePolicy;
  readonly plan: CyclePlan;
  readonly facts: GenerationFacts;
  readonly work: CycleWork;
  /** All questions, rendered. */
  readonly questions: readonly Question[];
}

/** What resolving needs. */
export interface ResolveOptions {
  readonly deps: Pick<EngineDeps, 'clients' | 'projects' | 'organisation'>;
  readonly settings: EngineSettings;
  /** `generations/{id}`. */
  readonly name: string;
  /** Model in place of the request's, as previews show several. */
  readonly model?: string;
}

const RENAME_PROMPT = prefixed('generation', 'brief', 'template');

/** A prompt that no model of that limit can take is, to the caller, a brief that is too long. */
const RENAME_BRIEF: RenameField = (field) =>
  field === 'target.max_chars' ? 'generation.brief' : RENAME_PROMPT(field);

/**
 * Looks up what a request names, in the caller's name, and checks it: nothing of it is paid. Throws the typed error that
 * CreateGeneration promises. The first model's own opinion is asked for by `translateFirst`.
 */
export async function resolve(
  request: GenerationRequest,
  ctx: CallContext,
  { deps, settings, name, model: override }: ResolveOptions,
): Promise<Resolved> {
  const { clients } = deps;
  // To take the address and never call it would leave the caller waiting.
  if (request.callback !== undefined) {
    throw unimplemented('This server does not offer callbacks yet: watch the generation instead.', {
      reason: 'NOT_OFFERED',
    });
  }
  const [project, organisation] = await Promise.all([
    deps.projects.get(request.project, ctx),
    deps.organisation.get(ctx),
  ]);
  requireActive(project);
  const model = override ?? (request.model || project.defaultModel);
  if (model === '') {
    throw invalidArgument('generation.model', 'must name a model, since the project has no default');
  }
  const [template, rubric] = await Promise.all([
    findTemplate(clients, request.template || project.template, ctx),
    findRubric(clients, request.rubric || project.rubric, ctx),
  ]);
  if (request.brief?.input.case === 'variables' && template === undefined) {
    throw invalidArgument(
      'generation.brief.variables',
      'need a template, and neither call nor project names one',
    );
  }
  const layers = parameterLayers(request.parameters, project.parameters, template?.content?.parameters);
  const count = layeredValue(layers, 'count') ?? 1;
  const policy = effectivePolicy(request.policy, project.policy, count);
  const sources = {
    rubric: rubric?.content,
    project: project.questions,
    call: request.questions,
    organisation: organisation.questions,
  };
  const forbiddenTerms = unitedTerms(organisation.forbiddenTerms, project.forbiddenTerms);
  refuseForbiddenWords(layers, forbiddenTerms);
  const judged = hasQuestions(sources);
  const seed = Number(layeredValue(layers, 'seed') ?? randomInt(DERIVED_SEED_LIMIT));
  const named = planOf(policy, { model, count, seed, judged });
  requireAllowed(project, named.models);
  const models = await findModels(clients, named.models, ctx);
  // From here on it is the models themselves that count: an alias may move while the cycle runs.
  const names = [...models.keys()];
  const targets = Object.fromEntries([...models].map(([name, found]) => [name, targetOf(found)]));
  const rendered = await calling(
    'prompt-template',
    clients.prompt.renderPrompt(
      {
        template: template?.name ?? '',
        brief: request.brief,
        target: targets[names[0] ?? '']?.target,
        forbiddenTerms,
      },
      ctx,
    ),
    RENAME_BRIEF,
  );
  const references = await findReferences(clients, layers, ctx);
  const check = (who: Pick<Looking, 'judges' | 'withoutJudges'>) => {
    const looking = { referenceImages: references.length, ...who };
    return checkQuestions(clients, sources, rendered.variables, looking, ctx);
  };
  const { heldOutJudge } = named;
  const checked = judged
    ? await check({ withoutJudges: heldOutJudge === undefined ? [] : [heldOutJudge] })
    : undefined;
  const panel = heldOutJudge === undefined ? undefined : await heldOutPanel(clients, heldOutJudge, ctx);
  const plan: CyclePlan = {
    ...named,
    models: names,
    editModels: mayEdit(request, policy) ? [...models.values()].filter(canEdit).map(({ name }) => name) : [],
    ...(usesWriter(named) && { promptEstimate: rendered.writerEstimate }),
    judgeEstimate: checked?.estimate,
    ...(panel !== undefined && {
      heldOutPanel: panel,
      heldOutEstimate: judged ? (await check({ judges: panel })).estimate : undefined,
    }),
  };
  const briefText =
    request.brief?.input.case === 'prompt' ? request.brief.input.value : (rendered.prompt?.text ?? '');
  return {
    project,
    policy,
    plan,
    questions: checked?.rendered ?? [],
    facts: {
      name,
      team: requirePrincipal(ctx).team,
      request,
      policy,
      projectRevision: project.revision,
      templateVersion: template?.name ?? '',
      rubricVersion: rubric?.name ?? '',
      platformVersion: settings.platformVersion,
      ...(organisation.revision > 0n && { organisationRevision: organisation.revision }),
      publicUrl: settings.publicUrl(),
      warnings: [...(checked?.warnings ?? []), ...(judged ? briefWarnings(briefText) : [])],
    },
    work: {
      briefText,
      task: request.task,
      template: template?.name ?? '',
      rubric: rubric?.name ?? '',
      questions: [...sources.project, ...sources.call, ...sources.organisation],
      askedBy: askersOf(sources, project.name),
      forbiddenTerms,
      layers,
      onUnsupported:
        request.onUnsupported === OnUnsupported.UNSPECIFIED ? project.onUnsupported : request.onUnsupported,
      allowExperimental: policy.allowExperimental ?? false,
      rendered,
      references,
      seedGiven: layeredValue(layers, 'seed') !== undefined,
      targets,
    },
  };
}

/** Whether a prompt may come from the writer: the first one, or one that is mended. */
function usesWriter({ writer, refine, judged }: CyclePlan): boolean {
  return writer === 'expand' || (refine && judged);
}

/** The ladder edits pictures that were made from a prompt alone; a request that edits has a picture of its own. */
function mayEdit({ task }: GenerationRequest, { edit }: CyclePolicy): boolean {
  return edit !== false && (task === Task.UNSPECIFIED || task === Task.GENERATE);
}

function briefWarnings(text: string): string[] {
  return text.length <= MAX_BRIEF
    ? []
    : [`Questions that quote the brief have only its first ${MAX_BRIEF} characters.`];
}

/** Asks the adapter what it would send of a resolved request: the receipt, the upper bound, or the typed refusal. */
export async function translateFirst(
  clients: ResolveOptions['deps']['clients'],
  { work, plan }: Resolved,
  ctx: CallContext,
) {
  const prompt = work.rendered.prompt;
  if (prompt === undefined) throw invalidArgument('generation.brief', 'renders to no prompt');
  const request = imageRequest(work, plan.models[0] ?? '', prompt);
  return calling(
    'provider-adapter',
    clients.adapter.translateRequest({ request, candidates: plan.candidatesPerRound }, ctx),
    prefixed('generation', 'parameters', 'task', 'model'),
  );
}

/** Throws FAILED_PRECONDITION (PRICE_UNKNOWN) where a cap on the cost cannot be kept, since there is no price. */
export function requirePriced(plan: CyclePlan, estimate: Cost | undefined): void {
  if (plan.maxCostMicroUsd === undefined) return;
  const { promptEstimate, judgeEstimate } = plan;
  const isUnpriced = (cost: Cost | undefined) => cost !== undefined && cost.microUsd === undefined;
  const unpriced = [
    ...(estimate?.microUsd === undefined ? [plan.models[0] ?? ''] : []),
    ...(isUnpriced(promptEstimate) ? ['the prompt writer'] : []),
    ...(isUnpriced(judgeEstimate) ? ['a judge'] : []),
  ];
  if (unpriced.length === 0) return;
  const [verb, who] = [unpriced.length === 1 ? 'has' : 'have', unpriced.join(' and ')];
  throw failedPrecondition(`${who} ${verb} no known price, so that max_cost_micro_usd cannot be kept.`, {
    reason: 'PRICE_UNKNOWN',
    metadata: { resource: unpriced.join(',') },
  });
}

function requireActive({ name, state }: Project): void {
  if (state === ProjectState.UNSPECIFIED || state === ProjectState.ACTIVE) return;
  const word = state === ProjectState.PAUSED ? 'paused' : 'archived';
  throw failedPrecondition(`${name} is ${word} and takes no new work.`, {
    reason: 'WRONG_STATE',
    metadata: { resource: name, state: word.toUpperCase() },
  });
}

type Clients = ResolveOptions['deps']['clients'];

async function findTemplate(clients: Clients, name: string, ctx: CallContext) {
  if (name === '') return undefined;
  return (await calling('prompt-template', clients.templates.getTemplate({ name }, ctx))).version;
}

async function findRubric(clients: Clients, name: string, ctx: CallContext) {
  if (name === '') return undefined;
  return (await calling('evaluator', clients.rubrics.getRubric({ name }, ctx))).version;
}

/** The models that some names stand for, by their own names, each once. */
async function findModels(
  clients: Clients,
  names: readonly string[],
  ctx: CallContext,
): Promise<ReadonlyMap<string, Model>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const { model } = await calling('provider-adapter', clients.catalog.getModel({ name }, ctx));
      if (model === undefined) throw new Error(`GetModel gave no model for ${name}`);
      return [model.name, model] as const;
    }),
  );
  return new Map(found);
}

/** Names of the reference images of this platform, each of which must be there. Outside addresses are the adapter's. */
async function findReferences(
  clients: Clients,
  layers: CycleWork['layers'],
  ctx: CallContext,
): Promise<string[]> {
  const names = layeredReferences(layers).flatMap(({ source }) =>
    source.case === 'image' ? [source.value] : [],
  );
  await Promise.all(names.map((name) => calling('storage', clients.images.getImage({ name }, ctx))));
  return [...new Set(names)];
}
