import { type Collection, type DocumentClient, typedCollection } from '@atelier/documents';
import { type Project, ProjectSchema } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { CallOptions } from '@atelier/rpc';
import type { Catalog } from './catalog.ts';

/** Something that names a model. */
export interface Dependent {
  /** Resource name of the project or model. */
  readonly resource: string;
  /** Its team; empty for what is the platform's. */
  readonly team: string;
  /** How it uses the model. */
  readonly relation: 'default_model' | 'fallback_models' | 'allowed_models' | 'alias' | 'successor';
}

/** The projects, which belong to the gateway and are only read here. */
export function projectCollection(client: DocumentClient): Collection<Project> {
  return typedCollection({ client, collection: 'projects', schema: ProjectSchema });
}

/**
 * All that depends on a model, by resource name and relation: its aliases, the models whose successor it is, and the projects
 * that name it or an alias; projects of one team only, or of all.
 */
export async function findDependents(
  catalog: Catalog,
  projects: Collection<Project>,
  model: Model,
  team: string | undefined,
  call: CallOptions,
): Promise<Dependent[]> {
  const found: Dependent[] = [
    ...model.aliases.map((resource) => ({ resource, team: '', relation: 'alias' as const })),
    ...catalog
      .list()
      .filter(({ successor }) => successor === model.name)
      .map(({ name }) => ({ resource: name, team: '', relation: 'successor' as const })),
  ];
  const names = [model.name, ...model.aliases];
  for await (const document of projects.all(team === undefined ? {} : { team }, call)) {
    for (const relation of relations(document.value, names)) {
      found.push({ resource: document.value.name, team: document.team, relation });
    }
  }
  return found.sort((a, b) => (dependentKey(a) < dependentKey(b) ? -1 : 1));
}

/** The place of a dependent in the list. */
export function dependentKey({ resource, relation }: Dependent): string {
  return `${resource} ${relation}`;
}

function relations(
  { defaultModel, allowedModels, policy }: Project,
  names: readonly string[],
): Dependent['relation'][] {
  const named: Dependent['relation'][] = [];
  if (names.includes(defaultModel)) named.push('default_model');
  if (policy?.fallbackModels.some((model) => names.includes(model))) named.push('fallback_models');
  if (allowedModels.some((model) => names.includes(model))) named.push('allowed_models');
  return named;
}
