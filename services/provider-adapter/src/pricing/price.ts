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

/** The rules that count: for each unit the first one whose conditions hold. */
export function applicableRules(model: Model, conditions: PriceConditions): PriceRule[] {
  const found = new Map<string, PriceRule>();
  for (const rule of model.pricing?.rules ?? []) {
    const holds = Object.entries(rule.when).every(
      ([field, value]) => conditions[field] === value.toLowerCase(),
    );
    if (holds && !found.has(rule.unit)) found.set(rule.unit, rule);
  }
  return [...found.values()];
}

/**
 * The cost of some units by the model's price list: whole millionths of a US dollar, rounded up, so that an estimate is
 * never below what it estimates. Without any rule that applies the amount is absent and the basis UNKNOWN, since an
 * unknown price is not zero; where a rule counts a unit whose amount is not known, the cost is marked incomplete.
 */
export function costOf(model: Model, units: Units, conditions: PriceConditions, basis: CostBasis): Cost {
  const rules = applicableRules(model, conditions);
  if (rules.length === 0) return create(CostSchema, { basis: CostBasis.UNKNOWN });
  const known = rules.filter(({ unit }) => units[unit] !== undefined);
  if (known.length === 0) return create(CostSchema, { basis: CostBasis.UNKNOWN, incomplete: true });
  const total = known.reduce((sum, rule) => sum + amount(rule, units[rule.unit] ?? 0), 0);
  return create(CostSchema, {
    microUsd: BigInt(whole(total)),
    basis,
    incomplete: known.length < rules.length,
  });
}

/**
 * What was used, one entry for each unit that the price list counts; one of images without a price where it counts none.
 * `images` is how many were delivered.
 */
export function usageOf(
  model: Model,
  units: Units & { readonly image: number },
  conditions: PriceConditions,
  basis: CostBasis,
): Usage[] {
  const rules = applicableRules(model, conditions).filter(({ unit }) => units[unit] !== undefined);
  const version = model.pricing?.version ?? '';
  if (rules.length === 0) {
    const cost = { basis: CostBasis.UNKNOWN };
    const usage = { kind: UsageKind.IMAGE, model: model.name, units: units.image, unit: 'image', cost };
    return [create(UsageSchema, usage)];
  }
  return rules.map((rule) =>
    create(UsageSchema, {
      kind: UsageKind.IMAGE,
      model: model.name,
      units: counted(rule, units[rule.unit] ?? 0),
      unit: rule.unit,
      unitPriceMicroUsd: rule.microUsd,
      priceVersion: version,
      cost: { microUsd: BigInt(whole(amount(rule, units[rule.unit] ?? 0))), basis },
    }),
  );
}

function amount(rule: PriceRule, units: number): number {
  return rule.microUsd * counted(rule, units);
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
