import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Model, PriceRule } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { create } from '@bufbuild/protobuf';

/** How much of each unit was, or will be, used. A unit whose amount is not known is absent. */
export type Units = Readonly<Record<string, number | undefined>>;

/** The values of unified fields by which rules may tell prices apart, and the task, in the spelling of entries. */
export type PriceConditions = Readonly<Record<string, string | undefined>>;

/** The rules of a list that count: for each unit the first one whose conditions hold. */
function applicable(rules: readonly PriceRule[], conditions: PriceConditions): PriceRule[] {
  const found = new Map<string, PriceRule>();
  for (const rule of rules) {
    const holds = Object.entries(rule.when).every(
      ([field, value]) => conditions[field] === value.toLowerCase(),
    );
    if (holds && !found.has(rule.unit)) found.set(rule.unit, rule);
  }
  return [...found.values()];
}

/** What a price list says of some units. */
interface Priced {
  /** Rules whose units are known. */
  readonly known: readonly PriceRule[];
  /** Upper bounds that stand in for the rules whose units are not known. */
  readonly bounds: readonly PriceRule[];
  /** Whether something is left that neither covers. */
  readonly isIncomplete: boolean;
  /** Whether the list has any rule for such a request. */
  readonly isPriced: boolean;
}

function priced(model: Model, units: Units, conditions: PriceConditions): Priced {
  const isKnown = ({ unit }: PriceRule) => units[unit] !== undefined;
  const rules = applicable(model.pricing?.rules ?? [], conditions);
  const known = rules.filter(isKnown);
  const isWhole = known.length === rules.length;
  const bounds = isWhole ? [] : applicable(model.pricing?.bounds ?? [], conditions).filter(isKnown);
  return { known, bounds, isIncomplete: !isWhole && bounds.length === 0, isPriced: rules.length > 0 };
}

/**
 * The cost of some units by the model's price list: whole millionths of a US dollar, rounded up by each rule, as usage is
 * told by each. Without any rule that applies the amount is absent and the basis UNKNOWN, since an
 * unknown price is not zero. Where a rule counts a unit whose amount is not known, the list's upper bounds stand in for
 * it; where there are none, the cost is marked incomplete.
 */
export function costOf(model: Model, units: Units, conditions: PriceConditions, basis: CostBasis): Cost {
  const { known, bounds, isIncomplete, isPriced } = priced(model, units, conditions);
  const counting = [...known, ...bounds];
  if (!isPriced) return create(CostSchema, { basis: CostBasis.UNKNOWN });
  if (counting.length === 0) return create(CostSchema, { basis: CostBasis.UNKNOWN, incomplete: true });
  const microUsd = counting.reduce((sum, rule) => sum + costBy(rule, units), 0n);
  return create(CostSchema, { microUsd, basis, incomplete: isIncomplete });
}

/**
 * What was used, one entry for each unit that the price list counts; one of images without a price where it counts none.
 * `images` is how many were delivered. What only an upper bound is known of is ESTIMATED.
 */
export function usageOf(
  model: Model,
  units: Units & { readonly image: number },
  conditions: PriceConditions,
  basis: CostBasis,
): Usage[] {
  const { known, bounds } = priced(model, units, conditions);
  if (known.length + bounds.length === 0) {
    const cost = { basis: CostBasis.UNKNOWN };
    const usage = { kind: UsageKind.IMAGE, model: model.name, units: units.image, unit: 'image', cost };
    return [create(UsageSchema, usage)];
  }
  const entry = (rule: PriceRule, entryBasis: CostBasis) =>
    create(UsageSchema, {
      kind: UsageKind.IMAGE,
      model: model.name,
      units: counted(rule, units[rule.unit] ?? 0),
      unit: rule.unit,
      unitPriceMicroUsd: rule.microUsd,
      priceVersion: model.pricing?.version ?? '',
      cost: { microUsd: costBy(rule, units), basis: entryBasis },
    });
  return [
    ...known.map((rule) => entry(rule, basis)),
    ...bounds.map((rule) => entry(rule, CostBasis.ESTIMATED)),
  ];
}

/** What was used where the provider itself says what it charged, for so many images, without a price list. */
export function reportedUsage(model: Model, microUsd: number, images: number): Usage {
  const cost = { microUsd: BigInt(whole(microUsd)), basis: CostBasis.ACTUAL };
  return create(UsageSchema, {
    kind: UsageKind.IMAGE,
    model: model.name,
    units: images,
    unit: 'image',
    cost,
  });
}

function costBy(rule: PriceRule, units: Units): bigint {
  return BigInt(whole(rule.microUsd * counted(rule, units[rule.unit] ?? 0)));
}

function counted(rule: PriceRule, units: number): number {
  return rule.roundUp ? Math.ceil(tidy(units)) : units;
}

/** Rounded up to whole units of money, but for the noise of binary fractions. */
function whole(value: number): number {
  return Math.ceil(tidy(value));
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
