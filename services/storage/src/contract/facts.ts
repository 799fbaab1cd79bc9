import { type Image, ImageOrigin } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { type CallContext, type FieldViolation, invalidArgument, type Principal } from '@atelier/rpc';
import type { ImageFacts } from '../images/image-store.ts';
import { isWitness } from './access.ts';

/** Fields that only the platform can vouch for: they say how an image was made. */
const VOUCHED = [
  ['generation', 'generation'],
  ['model', 'model'],
  ['prompt', 'prompt'],
  ['candidateKey', 'candidate_key'],
  ['receivedSha256', 'received_sha256'],
] as const;

/**
 * What may be kept of what a call says about an image. Callers may only say that they uploaded it; how an image was made is
 * believed of the services that make or fetch images. Throws INVALID_ARGUMENT naming every field that is not theirs to say.
 */
export function factsOf(
  said: Image | undefined,
  principal: Principal,
  context: Pick<CallContext, 'headers'>,
): ImageFacts {
  const witness = isWitness(context);
  const violations = [...(witness ? [] : unvouched(said)), ...foreignProject(said, principal)];
  if (violations.length > 0) throw invalidArgument(violations);
  const kept = said === undefined ? undefined : keptFacts(said);
  const origin = kept?.origin || (witness ? ImageOrigin.GENERATED : ImageOrigin.UPLOADED);
  return { ...kept, origin, project: kept?.project || (principal.project ?? '') };
}

/** Everything but what the platform itself fills in. */
function keptFacts(said: Image): ImageFacts {
  const { subjectId, labels, project, generation, model, prompt, seed, round, candidateKey } = said;
  const { origin, receivedSha256, mismatches, lineage } = said;
  return {
    subjectId,
    labels,
    project,
    generation,
    model,
    prompt,
    round,
    candidateKey,
    origin,
    receivedSha256,
    mismatches,
    ...(seed !== undefined && { seed }),
    ...(lineage !== undefined && { lineage }),
  };
}

function unvouched(said: Image | undefined): FieldViolation[] {
  if (said === undefined) return [];
  const description = 'is filled in by the platform alone';
  const set = VOUCHED.filter(([field]) => said[field] !== '').map(([, path]) => `image.${path}`);
  if (said.seed !== undefined) set.push('image.seed');
  if (said.round !== 0) set.push('image.round');
  if (Object.keys(said.mismatches).length > 0) set.push('image.mismatches');
  if (said.origin !== ImageOrigin.UNSPECIFIED && said.origin !== ImageOrigin.UPLOADED)
    set.push('image.origin');
  return set.map((field) => ({ field, description }));
}

function foreignProject(said: Image | undefined, { project }: Principal): FieldViolation[] {
  const isForeign =
    project !== undefined && said !== undefined && said.project !== '' && said.project !== project;
  return isForeign ? [{ field: 'image.project', description: 'is not the project of the key' }] : [];
}
