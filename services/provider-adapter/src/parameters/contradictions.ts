import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { isSameRatio, resolutionOf } from './dimensions.ts';
import { type Draft, record, refuse } from './draft.ts';
import type { Asked, AskedFields } from './layers.ts';
import { type Field, parseRatio, sizeText, taskName, valueText } from './vocabulary.ts';

/** How much two ratios may differ before a size contradicts a ratio: a size in whole pixels rarely has it exactly. */
const RATIO_TOLERANCE = 0.02;

/** Two fields of which not both can be had, with why. */
interface Conflict {
  readonly fields: readonly [Field, Field];
  readonly why: string;
}

/**
 * Finds fields that contradict each other. Within one layer that is an error. Between layers the more specific one wins:
 * the other gives way and is recorded as dropped, unless it is required. Gives what is left.
 */
export function resolveContradictions(draft: Draft, asked: AskedFields, task: Task): AskedFields {
  const left: { -readonly [F in Field]?: AskedFields[F] } = { ...asked };
  for (const { fields, why } of conflicts(asked)) {
    const [a, b] = fields;
    const [first, second] = [left[a], left[b]] as [Asked | undefined, Asked | undefined];
    if (first === undefined || second === undefined) continue;
    const [weaker, loser] = first.layer > second.layer ? [a, first] : [b, second];
    if (first.layer === second.layer || loser.isRequired) {
      for (const [field, value] of [
        [a, first],
        [b, second],
      ] as const) {
        refuse(draft, field, value, why, 'CONTRADICTORY_FIELDS');
      }
      continue;
    }
    record(draft, weaker, FieldDisposition.DROPPED, {
      asked: valueText(loser.value),
      source: loser.source,
      reason: `${why}; the more specific layer wins`,
    });
    delete left[weaker];
  }
  return task === Task.REMOVE_BACKGROUND ? withTransparency(draft, left) : left;
}

/** A removed background leaves transparency, which an inherited format may be unable to hold. */
function withTransparency(draft: Draft, asked: AskedFields): AskedFields {
  const { output_format: format, ...rest } = asked;
  if (format?.value !== 'jpeg') return asked;
  const why = 'JPEG has no transparency, which a removed background leaves';
  if (format.layer === 0 || format.isRequired) {
    refuse(draft, 'output_format', format, why, 'CONTRADICTORY_FIELDS');
    return asked;
  }
  record(draft, 'output_format', FieldDisposition.DROPPED, {
    asked: 'jpeg',
    source: format.source,
    reason: why,
  });
  return rest;
}

function conflicts(asked: AskedFields): Conflict[] {
  const found: Conflict[] = [];
  const { size, aspect_ratio: ratio, resolution, background, output_format: format } = asked;
  if (size !== undefined && ratio !== undefined) {
    const { width, height } = size.value;
    if (!isSameRatio(width / height, parseRatio(ratio.value) ?? 0, RATIO_TOLERANCE)) {
      found.push({
        fields: ['size', 'aspect_ratio'],
        why: `${sizeText(size.value)} is not ${ratio.value}`,
      });
    }
  }
  if (size !== undefined && resolution !== undefined && resolutionOf(size.value) !== resolution.value) {
    const why = `${sizeText(size.value)} is of the resolution ${resolutionOf(size.value)}, not ${resolution.value}`;
    found.push({ fields: ['size', 'resolution'], why });
  }
  if (background?.value === 'transparent' && format?.value === 'jpeg') {
    found.push({ fields: ['background', 'output_format'], why: 'JPEG has no transparency' });
  }
  return found;
}

/** Which roles of reference images a task cannot do without. */
const NEEDED: Readonly<Partial<Record<Task, readonly ReferenceRole[]>>> = {
  [Task.EDIT]: [ReferenceRole.INIT],
  [Task.INPAINT]: [ReferenceRole.INIT, ReferenceRole.MASK],
  [Task.REPLACE_BACKGROUND]: [ReferenceRole.INIT],
  [Task.REMOVE_BACKGROUND]: [ReferenceRole.INIT],
  [Task.OUTPAINT]: [ReferenceRole.INIT],
  [Task.UPSCALE]: [ReferenceRole.INIT],
};

/** Refuses a task that lacks its images, a mask without a picture, and more than one of what there can be only one. */
export function checkTask(draft: Draft, asked: AskedFields, task: Task): void {
  const add = (field: string, description: string) =>
    draft.problems.push({ field, description, reason: 'CONTRADICTORY_FIELDS' });
  const images = asked.reference_images?.value ?? [];
  const has = (role: ReferenceRole) => images.filter((image) => image.role === role).length;
  for (const role of NEEDED[task] ?? []) {
    const name = role === ReferenceRole.INIT ? 'init' : 'mask';
    if (has(role) === 0) {
      add('parameters.reference_images', `the task ${taskName(task)} needs an image of role ${name}`);
    }
  }
  if (has(ReferenceRole.MASK) > 0 && has(ReferenceRole.INIT) === 0 && task !== Task.INPAINT) {
    add('parameters.reference_images', 'a mask needs an image of role init');
  }
  for (const [role, name] of [
    [ReferenceRole.INIT, 'init'],
    [ReferenceRole.MASK, 'mask'],
  ] as const) {
    if (has(role) > 1) add('parameters.reference_images', `only one image of role ${name} is possible`);
  }
}
