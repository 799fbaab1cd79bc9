import type { ReferenceImage } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { type FieldCapability, Transform } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { type Draft, dropOrRefuse, lacks, nativeCapability, record, stance } from './draft.ts';
import { fitNumber, rangeText } from './fit.ts';
import { type ImageChange, imageSlot } from './image-slot.ts';
import type { Asked, AskedFields } from './layers.ts';
import { setPath } from './native-path.ts';
import { paths, send } from './send.ts';
import { roleName } from './vocabulary.ts';

/**
 * Decides the reference images, each by its role. A model's entry has the roles and the number of images under
 * `reference_images`, where images of a role go under `{role}_image`, and its strength under `{role}_strength`.
 *
 * Gives the images that are sent, in the order in which the slots of the body count them.
 */
export function translateReferences(draft: Draft, asked: AskedFields): readonly ReferenceImage[] {
  const images = asked.reference_images;
  if (images === undefined) return [];
  const sent: ReferenceImage[] = [];
  const perRole = new Map<string, number>();
  const perList = new Map<string, number>();
  for (const [position, image] of images.value.entries()) {
    const field = `reference_images[${position}]`;
    const role = roleName(image.role);
    const used = perRole.get(role) ?? 0;
    const refusal = whyNot(draft, role, used, sent.length);
    if (refusal !== undefined) {
      dropOrRefuse(draft, field, images, shown(image), refusal);
      strength(draft, field, images, image, undefined, used, 'the image itself is not sent');
      continue;
    }
    perRole.set(role, used + 1);
    // Images of several roles may go into one list.
    const list = listOf(nativeCapability(draft, `${role}_image`));
    const index = perList.get(list) ?? 0;
    perList.set(list, index + 1);
    place(draft, field, images, image, sent.length, index);
    strength(draft, field, images, image, nativeCapability(draft, `${role}_strength`), index);
    sent.push(image);
  }
  if (sent.length > 0) draft.effective.reference_images = sent;
  return sent;
}

/** The list that images go into, by its path; a path without a list is its own. */
function listOf(capability: FieldCapability | undefined): string {
  const path = capability?.native[0]?.path ?? '';
  const end = path.indexOf('[]');
  return end < 0 ? path : path.slice(0, end);
}

/** Why an image is not taken; undefined where it is. */
function whyNot(draft: Draft, role: string, used: number, total: number): string | undefined {
  const all = nativeCapability(draft, 'reference_images');
  if (all === undefined) return lacks(draft, 'reference_images');
  const capability = nativeCapability(draft, `${role}_image`);
  const roles = all.roles.map(roleName);
  if (capability === undefined || !roles.includes(role)) {
    return `${draft.model.name} takes reference images as ${roles.join(', ')}, not as ${role}`;
  }
  if (total >= (all.max ?? 1)) return `${draft.model.name} takes at most ${all.max ?? 1} reference images`;
  if (used >= (capability.max ?? 1)) {
    return `${draft.model.name} takes at most ${capability.max ?? 1} as ${role}`;
  }
  return undefined;
}

function place(
  draft: Draft,
  field: string,
  asked: Asked<unknown>,
  image: ReferenceImage,
  reference: number,
  index: number,
): void {
  const capability = nativeCapability(draft, `${roleName(image.role)}_image`);
  const changes = (capability?.native ?? []).map(({ path, transform }) => {
    const change = imageChange(transform);
    setPath(draft.body, path, imageSlot({ reference, change }), index);
    return change;
  });
  record(draft, field, FieldDisposition.NATIVE, {
    asked: shown(image),
    sent: shown(image),
    nativeField: capability === undefined ? '' : paths(capability),
    source: asked.source,
    reason: CHANGE_WORDS[changes[0] ?? 'none'],
  });
}

const CHANGE_WORDS: Readonly<Record<ImageChange, string>> = {
  none: '',
  mask_invert: 'sent with black and white exchanged, as the provider paints where a mask is black',
  mask_alpha: 'sent with the white part made transparent, as the provider paints where a mask is transparent',
};

function imageChange(transform: Transform): ImageChange {
  if (transform === Transform.MASK_INVERT) return 'mask_invert';
  if (transform === Transform.MASK_ALPHA) return 'mask_alpha';
  return 'none';
}

function strength(
  draft: Draft,
  image: string,
  asked: Asked<unknown>,
  { strength: value, role }: ReferenceImage,
  capability: FieldCapability | undefined,
  index: number,
  reason = `${draft.model.name} has no strength for ${roleName(role)} images`,
) {
  const field = `${image}.strength`;
  if (value === undefined) return defaultStrength(draft, field, capability, index);
  const strength = { ...asked, value };
  if (capability === undefined) return dropOrRefuse(draft, field, strength, value, reason);
  const fitted = fitNumber(value, capability);
  const takes = `${draft.model.name} takes ${rangeText(capability)}`;
  if (fitted !== value && stance(draft, strength) !== 'adapt') {
    dropOrRefuse(draft, field, strength, value, takes);
    return defaultStrength(draft, field, capability, index);
  }
  const isInverted = capability.native.some(({ transform }) => transform === Transform.INVERT);
  record(draft, field, fitted === value ? FieldDisposition.NATIVE : FieldDisposition.CLAMPED, {
    asked: value,
    sent: send(draft, capability, fitted, index),
    nativeField: paths(capability),
    source: asked.source,
    reason: fitted === value ? (isInverted ? 'the provider counts how near, not how far' : '') : takes,
  });
}

function defaultStrength(
  draft: Draft,
  field: string,
  capability: FieldCapability | undefined,
  index: number,
): void {
  if (capability?.defaultValue === undefined) return;
  const value = toJson(ValueSchema, capability.defaultValue);
  if (typeof value !== 'number') return;
  record(draft, field, FieldDisposition.DEFAULTED, {
    sent: send(draft, capability, value, index),
    nativeField: paths(capability),
    source: ValueSource.MODEL,
    reason: "the model's default",
  });
}

/** An image in a receipt: its role and where it is. */
function shown({ role, source }: ReferenceImage): JsonValue {
  return { role: roleName(role), ...(source.case !== undefined && { [source.case]: source.value }) };
}
