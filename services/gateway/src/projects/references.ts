import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  type CallOptions,
  type Client,
  Code,
  type FieldViolation,
  invalidArgument,
  isRpcError,
  notFound,
  RpcError,
} from '@atelier/rpc';

/** Where the things that a project names are looked up. */
export interface ReferenceClients {
  readonly catalog: Client<typeof CatalogService>;
  readonly templates: Client<typeof TemplateService>;
  readonly rubrics: Client<typeof RubricService>;
}

/**
 * Checks everything that a project names: models, template and rubric must exist and be the team's to use, its own
 * questions must be sound, and its own models among those that it allows. Throws INVALID_ARGUMENT or NOT_FOUND with
 * every offending field.
 */
export async function checkReferences(
  project: Project,
  clients: ReferenceClients,
  call: CallOptions,
): Promise<void> {
  const notAllowed = modelsNotAllowed(project);
  if (notAllowed.length > 0) throw invalidArgument(notAllowed, { reason: 'CONTRADICTORY_FIELDS' });
  const [found, questions] = await Promise.all([
    Promise.all(lookups(project, clients, call).map(violationOf)),
    questionViolations(project, clients, call),
  ]);
  if (questions !== undefined) throw questions;
  const missing = found.filter((violation) => violation !== undefined);
  if (missing.length === 0) return;
  throw notFound(missing.map(({ field, description }) => `${field}: ${description}`).join('; '), {
    reason: 'NOT_FOUND',
    fieldViolations: missing,
  });
}

interface Lookup {
  readonly field: string;
  readonly name: string;
  readonly answer: Promise<unknown>;
}

function lookups(
  project: Project,
  { catalog, templates, rubrics }: ReferenceClients,
  call: CallOptions,
): readonly Lookup[] {
  const { template, rubric } = project;
  const models: Lookup[] = namedModels(project).map(({ field, name }) => {
    return { field, name, answer: catalog.getModel({ name }, call) };
  });
  return [
    ...models,
    ...(template === ''
      ? []
      : [
          {
            field: 'project.template',
            name: template,
            answer: templates.getTemplate({ name: template }, call),
          },
        ]),
    ...(rubric === ''
      ? []
      : [{ field: 'project.rubric', name: rubric, answer: rubrics.getRubric({ name: rubric }, call) }]),
  ];
}

function namedModels({ defaultModel, allowedModels, policy }: Project): { field: string; name: string }[] {
  return [
    ...(defaultModel === '' ? [] : [{ field: 'project.default_model', name: defaultModel }]),
    ...allowedModels.map((name, index) => ({ field: `project.allowed_models[${index}]`, name })),
    ...(policy?.fallbackModels ?? []).map((name, index) => ({
      field: `project.policy.fallback_models[${index}]`,
      name,
    })),
  ];
}

function modelsNotAllowed(project: Project): FieldViolation[] {
  if (project.allowedModels.length === 0) return [];
  return namedModels(project)
    .filter(({ name }) => !project.allowedModels.includes(name))
    .map(({ field, name }) => ({ field, description: `${name} is not among allowed_models` }));
}

async function violationOf({ field, name, answer }: Lookup): Promise<FieldViolation | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    if (isRpcError(error, Code.NOT_FOUND)) return { field, description: `there is no ${name}` };
    // The other service checks the form of names more closely than this contract does.
    if (isRpcError(error, Code.INVALID_ARGUMENT)) return { field, description: `"${name}" is no such name` };
    throw error;
  }
}

/** The evaluator judges questions; its paths are turned into those of the request. */
async function questionViolations(
  { questions }: Project,
  { rubrics }: ReferenceClients,
  call: CallOptions,
): Promise<RpcError | undefined> {
  if (questions.length === 0) return undefined;
  try {
    await rubrics.validateRubric({ content: { questions } }, call);
    return undefined;
  } catch (error) {
    if (!isRpcError(error, Code.INVALID_ARGUMENT)) throw error;
    const fieldViolations = error.fieldViolations.map((violation) => ({
      ...violation,
      field: violation.field.replace(/^content\./, 'project.'),
    }));
    return new RpcError(error.code, error.message, { reason: error.reason, fieldViolations });
  }
}
