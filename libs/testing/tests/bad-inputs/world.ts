import { type Atelier, createAtelier, publicServices } from '@atelier/client';
import type { Mesh } from '@atelier/launch';
import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { VariableType } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type Model, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { plainPng } from '../support/pictures.ts';

/** What the rows of the tables find. */
export interface World {
  readonly mesh: Mesh;
  readonly atelier: Atelier;
  readonly services: Atelier['services'];
  /** Methods that were called through `services`, as `Service/Method`. */
  readonly asked: ReadonlySet<string>;
  /** A committed image. */
  readonly image: string;
  /** Etag of the first revision of `projects/shop`, which has a second. */
  readonly staleEtag: string;
  /** Where something answers that may be fetched from, and where it redirects to what may not. */
  readonly redirecting: string;
}

/** One bad input: what it is, how it is refused, and the call. */
export type Row = readonly [
  name: string,
  refusal: string,
  call: (world: World) => Promise<unknown> | AsyncIterable<unknown>,
];

/** A text as google.protobuf.Value. */
export const text = (value: string) => ({ kind: { case: 'stringValue' as const, value } });

/** The content of `templates/card`. */
export const cardContent = {
  body: 'A {{ mood }} card for {{ item }}',
  variables: [
    { name: 'item', type: VariableType.TEXT, required: true, maxLength: 20 },
    { name: 'mood', type: VariableType.ENUM, values: ['merry', 'solemn'], defaultValue: text('merry') },
    {
      name: 'size',
      type: VariableType.NUMBER,
      defaultValue: { kind: { case: 'numberValue' as const, value: 1 } },
    },
  ],
};

/** A question that any picture can be asked. */
export const sharp = { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } };

/** Makes what the rows refer to. */
export async function makeWorld(mesh: Mesh, redirecting: string): Promise<World> {
  const atelier = createAtelier({ address: mesh.address, retries: 0 });
  const { services } = atelier;
  const { projects, templates, rubrics, catalog } = services;
  const make = async (name: string, more = {}) =>
    projects.createProject({ project: { name, defaultModel: 'models/sandbox-approve', ...more } });

  await services.teams.createTeam({ team: { name: 'teams/red', displayName: 'Red' } });
  const made = await make('projects/shop');
  const staleEtag = made.project?.etag ?? '';
  await projects.updateProject({
    project: { name: 'projects/shop', defaultModel: 'models/sandbox-approve', description: 'Second.' },
  });
  await make('projects/narrow', { allowedModels: ['models/sandbox-approve'] });
  await make('projects/poor', { monthlyBudgetMicroUsd: 1n });
  await make('projects/paused');
  await projects.setProjectState({ name: 'projects/paused', state: ProjectState.PAUSED });

  await templates.createTemplate({ templateId: 'card', content: cardContent });
  await templates.createTemplate({ templateId: 'old', content: cardContent });
  await templates.archiveTemplate({ name: 'templates/old', archived: true });
  await rubrics.createRubric({ rubricId: 'focus', content: { questions: [sharp] } });
  await rubrics.createRubric({ rubricId: 'old', content: { questions: [sharp] } });
  await rubrics.archiveRubric({ name: 'rubrics/old', archived: true });

  const { model } = await catalog.getModel({ name: 'models/sandbox-approve' });
  const copy = { ...(model as Model), etag: '' };
  await catalog.registerModel({ model: { ...copy, name: 'models/off', state: ModelState.DISABLED } });
  await catalog.registerModel({ model: { ...copy, name: 'models/new', state: ModelState.EXPERIMENTAL } });

  const { name: image } = await atelier.uploadReference(await plainPng());
  const asked = new Set<string>();
  return { mesh, atelier, asked, services: noting(services, asked), image, staleEtag, redirecting };
}

/** The same clients, which note what is called. */
function noting(services: Atelier['services'], asked: Set<string>): Atelier['services'] {
  const noted = Object.entries(services).map(([key, client], index) => {
    const { name: service, method: methods } = publicServices[index] as (typeof publicServices)[number];
    const calls = Object.entries(client).map(([method, call]) => {
      const { name } = (methods as Record<string, { readonly name: string }>)[method] ?? { name: method };
      const note = (...values: never[]) => {
        asked.add(`${service}/${name}`);
        return (call as (...given: never[]) => unknown)(...values);
      };
      return [method, note];
    });
    return [key, Object.fromEntries(calls)];
  });
  return Object.fromEntries(noted) as Atelier['services'];
}
