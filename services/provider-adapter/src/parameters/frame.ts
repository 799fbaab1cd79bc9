import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import {
  fitShape,
  fitSize,
  isSameArea,
  isSameRatio,
  nearestRatio,
  resolutionArea,
  resolutionOf,
  sizeRules,
} from './dimensions.ts';
import {
  type Draft,
  dropOrRefuse,
  isEmulated,
  lacks,
  nativeCapability,
  record,
  refuse,
  stance,
} from './draft.ts';
import { fitOrdered } from './fit.ts';
import type { Asked, AskedFields } from './layers.ts';
import { defaulted, native, paths, send } from './send.ts';
import { parseRatio, parseSize, type Size, sizeText } from './vocabulary.ts';

/**
 * Enlarging a result by more than this, per side, gives a picture that has the asked size and not the asked detail: such
 * a size is clamped instead.
 */
const MAX_ENLARGEMENT = 2;

/** How far the ratio of an asked size may be from an asked ratio, which the check for contradictions let pass. */
const SIZE_TOLERANCE = 0.02;

/** Pixels of a picture of which neither size nor resolution is known: one megapixel, as most models make by themselves. */
const USUAL_AREA = 1024 * 1024;

/**
 * Decides the shape of the picture: size, aspect ratio and resolution together, since a model that has one of them can
 * often be made to honour another. A ratio or resolution that is reached exactly by a size counts as honoured under every
 * policy, and is recorded as emulated.
 */
export function translateFrame(draft: Draft, asked: AskedFields): void {
  const sizes = nativeCapability(draft, 'size');
  if (asked.size !== undefined) {
    const isSent =
      sizes === undefined ? sizeByShape(draft, asked.size) : sizeBySize(draft, asked.size, sizes);
    if (isSent) {
      carriedBySize(draft, asked, 'aspect_ratio');
      carriedBySize(draft, asked, 'resolution');
      return;
    }
  }
  const wantsShape = asked.aspect_ratio !== undefined || asked.resolution !== undefined;
  if (sizes !== undefined && wantsShape && !hasOwnShape(draft, asked)) shapeBySize(draft, asked, sizes);
  else {
    aspectRatio(draft, asked.aspect_ratio);
    resolution(draft, asked.resolution);
    if (sizes !== undefined) defaultSize(draft, sizes);
  }
}

/** Whether the model itself has every asked one of aspect ratio and resolution. */
function hasOwnShape(draft: Draft, asked: AskedFields): boolean {
  return (
    (asked.aspect_ratio === undefined || nativeCapability(draft, 'aspect_ratio') !== undefined) &&
    (asked.resolution === undefined || nativeCapability(draft, 'resolution') !== undefined)
  );
}

/** Gives whether a size is sent. */
function sizeBySize(draft: Draft, asked: Asked<Size>, capability: FieldCapability): boolean {
  const fitted = fitSize(asked.value, capability);
  if (fitted === undefined || sizeText(fitted) === sizeText(asked.value)) {
    native(draft, 'size', asked, capability, asked.value);
    draft.effective.size = asked.value;
    return true;
  }
  const rules = `${draft.model.name} takes ${sizeRules(capability)}`;
  if (stance(draft, asked) !== 'adapt') {
    dropOrRefuse(draft, 'size', asked, sizeText(asked.value), rules);
    return false;
  }
  send(draft, capability, fitted);
  const enlargement = Math.max(asked.value.width / fitted.width, asked.value.height / fitted.height);
  const isReached = enlargement <= MAX_ENLARGEMENT;
  if (isReached) draft.finish = { ...draft.finish, size: asked.value };
  draft.effective.size = isReached ? asked.value : fitted;
  const how = isReached
    ? `made at ${sizeText(fitted)}, then scaled and cropped to the asked size`
    : `the nearest size; enlarging it more than ${MAX_ENLARGEMENT} times would only look like the asked size`;
  record(draft, 'size', isReached ? FieldDisposition.EMULATED : FieldDisposition.CLAMPED, {
    asked: sizeText(asked.value),
    sent: sizeText(fitted),
    nativeField: paths(capability),
    source: asked.source,
    reason: `${rules}: ${how}`,
  });
  return true;
}

/**
 * A size for a model that has none: the nearest ratio and resolution that it has, then a crop. Gives whether that is done.
 */
function sizeByShape(draft: Draft, asked: Asked<Size>): boolean {
  const ratios = nativeCapability(draft, 'aspect_ratio');
  if (!isEmulated(draft, 'size') || stance(draft, asked) !== 'adapt') {
    dropOrRefuse(draft, 'size', asked, sizeText(asked.value), lacks(draft, 'size'));
    return false;
  }
  const { width, height } = asked.value;
  const ratio = ratios && nearestRatio(width / height, ratios.values);
  if (ratios !== undefined && ratio !== undefined) send(draft, ratios, ratio);
  const classes = nativeCapability(draft, 'resolution');
  const area = width * height;
  // The smallest class that has the pixels, so that the result is scaled down and not up.
  const byArea = classes?.values.toSorted((a, b) => (resolutionArea(a) ?? 0) - (resolutionArea(b) ?? 0));
  const chosen = byArea?.find((name) => (resolutionArea(name) ?? 0) >= area) ?? byArea?.at(-1);
  if (classes !== undefined && chosen !== undefined) send(draft, classes, chosen);
  draft.finish = { ...draft.finish, size: asked.value };
  draft.effective.size = asked.value;
  record(draft, 'size', FieldDisposition.EMULATED, {
    asked: sizeText(asked.value),
    sent: [ratio, chosen].filter((part) => part !== undefined).join(' ') || null,
    nativeField: [ratios, classes]
      .map((capability) => capability && paths(capability))
      .filter(Boolean)
      .join(', '),
    source: asked.source,
    reason: `${lacks(draft, 'size')}: made in the nearest shape, then scaled and cropped to the asked size`,
  });
  return true;
}

/**
 * A ratio or resolution beside a size. It agrees with the asked size, or the request was refused before; it may disagree
 * with the size to which that one was clamped.
 */
function carriedBySize(draft: Draft, asked: AskedFields, field: 'aspect_ratio' | 'resolution'): void {
  const value = asked[field];
  const { size } = draft.effective;
  if (value === undefined || size === undefined) return;
  const isKept =
    field === 'resolution'
      ? resolutionOf(size) === value.value
      : isSameRatio(size.width / size.height, parseRatio(value.value) ?? 0, SIZE_TOLERANCE);
  const carrier = draft.receipt.findLast((entry) => entry.field === 'size');
  if (isKept) draft.effective[field] = value.value;
  else if (stance(draft, value) === 'refuse') {
    refuse(draft, field, value, `${draft.model.name} takes no size that has it beside the rest`);
  }
  record(draft, field, isKept ? FieldDisposition.NATIVE : FieldDisposition.CLAMPED, {
    asked: value.value,
    sent: sizeText(size),
    nativeField: carrier?.nativeField ?? '',
    source: value.source,
    reason: isKept ? 'carried by the size' : 'the size was clamped, and so was this',
  });
}

/** Ratio, resolution or both for a model that has sizes: the size that has them. */
function shapeBySize(draft: Draft, asked: AskedFields, capability: FieldCapability): void {
  const usual = parseSize(defaultText(capability));
  const usualArea = usual === undefined ? USUAL_AREA : usual.width * usual.height;
  const ratio =
    (asked.aspect_ratio && parseRatio(asked.aspect_ratio.value)) ?? (usual ? usual.width / usual.height : 1);
  const area = (asked.resolution && resolutionArea(asked.resolution.value)) ?? usualArea;
  const size = fitShape(ratio, area, capability);
  if (size === undefined) return;
  const isHonoured = {
    aspect_ratio: isSameRatio(size.width / size.height, ratio),
    resolution: isSameArea(size.width * size.height, area),
  };
  let isSent = false;
  for (const field of ['aspect_ratio', 'resolution'] as const) {
    const value = asked[field];
    if (value === undefined) continue;
    const details = { asked: value.value, source: value.source };
    if (!isHonoured[field] && stance(draft, value) !== 'adapt') {
      dropOrRefuse(draft, field, value, value.value, `${draft.model.name} takes ${sizeRules(capability)}`);
      continue;
    }
    isSent = true;
    draft.effective[field] = value.value;
    record(draft, field, isHonoured[field] ? FieldDisposition.EMULATED : FieldDisposition.CLAMPED, {
      ...details,
      sent: sizeText(size),
      nativeField: paths(capability),
      reason: isHonoured[field]
        ? `${lacks(draft, field)}: the size has it`
        : `${lacks(draft, field)}: the nearest size that it takes`,
    });
  }
  if (isSent) send(draft, capability, size);
  else defaultSize(draft, capability);
}

function aspectRatio(draft: Draft, asked: Asked<string> | undefined) {
  const capability = nativeCapability(draft, 'aspect_ratio');
  if (asked === undefined) return defaulted(draft, 'aspect_ratio', capability);
  if (capability === undefined) {
    return dropOrRefuse(draft, 'aspect_ratio', asked, asked.value, lacks(draft, 'aspect_ratio'));
  }
  const ratio = parseRatio(asked.value) ?? 1;
  const { values } = capability;
  const same = values.find((value) => isSameRatio(parseRatio(value) ?? 0, ratio));
  if (values.length === 0 || same !== undefined) {
    draft.effective.aspect_ratio = asked.value;
    return native(draft, 'aspect_ratio', asked, capability, same ?? asked.value);
  }
  clampTo(draft, 'aspect_ratio', asked, capability, nearestRatio(ratio, values));
}

function resolution(draft: Draft, asked: Asked<string> | undefined) {
  const capability = nativeCapability(draft, 'resolution');
  if (asked === undefined) return defaulted(draft, 'resolution', capability);
  if (capability === undefined) {
    return dropOrRefuse(draft, 'resolution', asked, asked.value, lacks(draft, 'resolution'));
  }
  if (capability.values.length === 0 || capability.values.includes(asked.value)) {
    draft.effective.resolution = asked.value;
    return native(draft, 'resolution', asked, capability, asked.value);
  }
  clampTo(draft, 'resolution', asked, capability, fitOrdered('resolution', asked.value, capability.values));
}

function clampTo(
  draft: Draft,
  field: 'aspect_ratio' | 'resolution',
  asked: Asked<string>,
  capability: FieldCapability,
  value: string | undefined,
) {
  const reason = `${draft.model.name} takes one of ${capability.values.join(', ')}`;
  if (stance(draft, asked) !== 'adapt' || value === undefined) {
    return dropOrRefuse(draft, field, asked, asked.value, reason);
  }
  draft.effective[field] = value;
  const sent = send(draft, capability, value);
  record(draft, field, FieldDisposition.CLAMPED, {
    asked: asked.value,
    sent,
    nativeField: paths(capability),
    source: asked.source,
    reason,
  });
}

/** Sends the model's own size. */
function defaultSize(draft: Draft, capability: FieldCapability): void {
  const size = parseSize(defaultText(capability));
  if (size === undefined) return;
  const sent = send(draft, capability, size);
  record(draft, 'size', FieldDisposition.DEFAULTED, {
    sent,
    nativeField: paths(capability),
    source: ValueSource.MODEL,
    reason: "the model's default",
  });
}

function defaultText(capability: FieldCapability): string {
  const kind = capability.defaultValue?.kind;
  return kind?.case === 'stringValue' ? kind.value : '';
}
