import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { PromptTargetSchema } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { type FieldCapability, type Model, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { failedPrecondition } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { DERIVED_SEED_LIMIT } from '../cycle/seeds.ts';
import type { ModelTarget } from './cycle-work.ts';

/** Largest seed of the contract. */
const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** Throws FAILED_PRECONDITION (MODEL_NOT_ALLOWED) for a model that the project does not allow. Its default always is. */
export function requireAllowed(project: Project, models: readonly string[]): void {
  const { allowedModels, defaultModel, name } = project;
  if (allowedModels.length === 0) return;
  const refused = models.filter((model) => model !== defaultModel && !allowedModels.includes(model));
  if (refused.length === 0) return;
  throw failedPrecondition(`${name} does not allow ${refused.join(', ')}.`, {
    reason: 'MODEL_NOT_ALLOWED',
    metadata: { resource: refused.join(','), project: name },
  });
}

/** What has to be known of a model in order to ask it properly. */
export function targetOf(model: Model): ModelTarget {
  const seed = supported(model, 'seed');
  return {
    target: create(PromptTargetSchema, {
      model: model.name,
      dialect: model.promptDialect,
      maxChars: model.maxPromptChars,
      negativePrompt: supported(model, 'negative_prompt') !== undefined,
    }),
    maxSeed: seed === undefined ? undefined : Math.floor(seed.max ?? MAX_SEED),
  };
}

/** Whether a model can change an image that it is given. */
export function canEdit({ tasks, capabilities }: Model): boolean {
  const takesInit = capabilities.some(
    ({ field, support, roles }) =>
      field === 'reference_images' && support === Support.NATIVE && roles.includes(ReferenceRole.INIT),
  );
  return tasks.includes(Task.EDIT) && takesInit;
}

function supported(model: Model, field: string): FieldCapability | undefined {
  const native = (capability: FieldCapability) => capability.support === Support.NATIVE;
  return model.capabilities.find((capability) => capability.field === field && native(capability));
}

/**
 * A candidate's seed as a model takes it, or undefined where it takes none. Derived seeds are folded into the model's
 * range; a seed that the caller gave is sent as it is, so that the adapter may judge it.
 */
export function seedFor(target: ModelTarget, seed: number, isGiven: boolean): bigint | undefined {
  if (target.maxSeed === undefined) return undefined;
  if (isGiven || seed <= target.maxSeed) return BigInt(seed);
  return BigInt(seed % Math.min(target.maxSeed + 1, DERIVED_SEED_LIMIT));
}
