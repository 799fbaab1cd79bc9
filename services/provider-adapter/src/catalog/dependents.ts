import { type Collection, type DocumentClient, typedCollection } from '@atelier/documents';
import { type Project, ProjectSchema } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { CallOptions } from '@atelier/rpc';

/** Something that names a model. */
export interface Dependent {
  /** Resource name of the project. */
  readonly resource: string;
  /** Its team. */
  readonly team: string;
  /** How it uses the model. */
  readonly relation: 'default_model' | 'fallback_models' | 'allowed_models';
}

/** The projects, which belong to the gateway and are only read here. */
export function projectCollection(client: DocumentClient): Collection<Project> {
  return typedCollection({ client, collection: 'projects', schema: ProjectSchema });
}

/** All projects that name a model, by resource name and relation; of one team only, or of all. */
export async function findDependents(
  projects: Collection<Project>,
  model: string,
  team: string | undefined,
  call: CallOptions,
): Promise<Dependent[]> {
  const found: Dependent[] = [];
  for await (const document of projects.all(team === undefined ? {} : { team }, call)) {
    for (const relation of relations(document.value, model)) {
      found.push({ resource: document.value.name, team: document.team, relation });
    }
  }
  return found.sort((a, b) => (dependentKey(a) < dependentKey(b) ? -1 : 1));
}

/** The place of a dependent in the list. */
export function dependentKey({ resource, relation }: Dependent): string {
  return `${resource} ${relation}`;
}

function relations({ defaultModel, allowedModels, policy }: Project, model: string): Dependent['relation'][] {
  const named: Dependent['relation'][] = [];
  if (defaultModel === model) named.push('default_model');
  if (policy?.fallbackModels.includes(model)) named.push('fallback_models');
  if (allowedModels.includes(model)) named.push('allowed_models');
  return named;
}
