import type { JsonObject } from '@bufbuild/protobuf';
import type { InputField } from './input-schema.ts';
import type { Known } from './known-fields.ts';

/** Images that a list takes where neither its schema nor its description says how many. */
const USUAL_LIST = 4;

/** Names of fields that take one image, by the role in which it is taken. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  mask: ['mask', 'mask_image'],
  init: ['image', 'input_image', 'init_image', 'image_prompt', 'source_image', 'start_image', 'img'],
  style: ['style_image', 'style_reference', 'style_reference_image', 'style_reference_images'],
  subject: ['subject_image', 'subject_reference', 'face_image', 'character_reference_image'],
  control: ['control_image', 'controlnet_image', 'pose_image', 'depth_image'],
};

/** Names of lists of pictures that the prompt speaks of. */
const LISTS: readonly string[] = ['input_images', 'image_input', 'images', 'reference_images', 'image_urls'];

const STRENGTHS: readonly string[] = [
  'prompt_strength',
  'strength',
  'denoising_strength',
  'image_prompt_strength',
  'image_strength',
  'image_weight',
];

/** What the fields for images say of a model, and the names of those fields. */
export function imagesOf(fields: readonly InputField[]): Known & { readonly used: readonly string[] } {
  const capabilities: Record<string, JsonObject> = {};
  const notes: string[] = [];
  const used: string[] = [];
  const counts: Record<string, number> = {};
  for (const [role, names] of Object.entries(ROLES)) {
    const field = fields.find(({ name, isFile }) => isFile && names.includes(name));
    if (field === undefined) continue;
    const max = field.isList ? (listSize(field) ?? USUAL_LIST) : 1;
    capabilities[`${role}_image`] = native(field, max);
    counts[role] = max;
    used.push(field.name);
    if (role === 'mask') notes.push(maskNote(field, capabilities));
  }
  const list = fields.find(({ name, isFile, isList }) => isFile && isList && LISTS.includes(name));
  if (list !== undefined && counts.init === undefined) {
    const max = listSize(list) ?? USUAL_LIST;
    for (const role of ['init', 'style', 'subject']) {
      capabilities[`${role}_image`] ??= native(list, role === 'init' ? 1 : max);
    }
    counts.init = max;
    used.push(list.name);
    if (listSize(list) === undefined)
      notes.push(`See how many images ${list.name} takes; ${max} is a guess.`);
  }
  const roles = Object.keys(ROLES).filter((role) => capabilities[`${role}_image`] !== undefined);
  if (roles.length > 0) {
    const max = Object.values(counts).reduce((sum, count) => sum + count, 0);
    capabilities.reference_images = { support: 'native', max, roles };
  }
  const strength = fields.find(({ name, type }) => type === 'number' && STRENGTHS.includes(name));
  if (strength !== undefined && counts.init !== undefined) {
    capabilities.init_strength = strengthOf(strength);
    used.push(strength.name);
    notes.push(strengthNote(strength));
  }
  return { capabilities, notes, used };
}

function native({ name, isList }: InputField, max: number): JsonObject {
  return { support: 'native', max, native: isList ? `${name}[]` : name };
}

/** By the schema, or by words such as "Maximum 8 images" and "List of 1-14 images". */
function listSize({ maxItems, description }: InputField): number | undefined {
  const said = /(?:max(?:imum)?|up to|1\s*-)\s*(\d+)\s+(?:input\s+|reference\s+)?images/i.exec(
    description,
  )?.[1];
  return maxItems ?? (said === undefined ? undefined : Number(said));
}

/** White is what is painted anew, unless the description says that black is. */
function maskNote(field: InputField, capabilities: Record<string, JsonObject>): string {
  const isBlack = /black[^.,]*(inpainted|edited|replaced|repainted|changed)/i.test(field.description);
  if (isBlack) {
    capabilities.mask_image = {
      support: 'native',
      max: 1,
      native: { path: field.name, transform: 'mask_invert' },
    };
  }
  const colour = isBlack ? 'black' : 'white';
  return `See which part of ${field.name} is painted anew; the draft takes it for the ${colour} one: "${field.description}"`;
}

/** Whether 1 stands for the image and not for its absence. */
function isNearness({ name, description }: InputField): boolean {
  if (/1(\.0)? (corresponds to|means?|is) (full destruction|ignor)/i.test(description)) return false;
  return name.startsWith('image_');
}

function strengthOf(field: InputField): JsonObject {
  const { name, minimum, maximum, default: usual } = field;
  const nearness = isNearness(field);
  const given = typeof usual === 'number' ? (nearness ? Number((1 - usual).toFixed(6)) : usual) : undefined;
  return {
    support: 'native',
    min: Math.max(0, minimum ?? 0),
    max: Math.min(1, maximum ?? 1),
    ...(given !== undefined && { default_value: given }),
    native: nearness ? { path: name, transform: 'invert' } : name,
  };
}

function strengthNote(field: InputField): string {
  const meaning = isNearness(field) ? 'keeps the image' : 'ignores the image';
  return `See which way ${field.name} counts; the draft takes it that 1 ${meaning}: "${field.description}"`;
}
