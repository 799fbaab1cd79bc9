import { type Cost, CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { DescEnum, JsonValue } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** An amount as people read it. An unknown amount says so; it is never zero. */
export function formatCost(cost: Cost | undefined): string {
  if (cost?.microUsd === undefined) return 'unknown';
  const amount = formatMicroUsd(cost.microUsd);
  const bound = cost.incomplete ? 'at least ' : '';
  return `${bound}${amount}${cost.basis === CostBasis.ESTIMATED ? ' (estimated)' : ''}`;
}

/** Millionths of a US dollar in dollars, with as many decimals as it needs, at least two. */
export function formatMicroUsd(microUsd: bigint): string {
  const sign = microUsd < 0n ? '-' : '';
  const digits = (microUsd < 0n ? -microUsd : microUsd).toString().padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${sign}$${digits.slice(0, -6)}.${decimals}`;
}

/** The name of an enum's value in words of lower case, without the enum's own prefix. */
export function enumWord(desc: DescEnum, value: number): string {
  const found = desc.value[value];
  return found === undefined ? String(value) : found.localName.toLowerCase().replaceAll('_', ' ');
}

/** The name of an enum's value as in the contract, without the enum's own prefix. */
export function enumName(desc: DescEnum, value: number): string {
  return desc.value[value]?.localName ?? String(value);
}

/** A moment to the second, in UTC. */
export function formatTime(time: Timestamp | undefined): string {
  return time === undefined
    ? ''
    : timestampDate(time)
        .toISOString()
        .replace(/\.\d+Z$/, 'Z')
        .replace('T', ' ');
}

/** The time between two moments, in seconds. */
export function formatElapsed(start: Timestamp | undefined, end: Timestamp | undefined): string {
  if (start === undefined || end === undefined) return '';
  const ms = timestampDate(end).getTime() - timestampDate(start).getTime();
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** A value of JSON in one line. */
export function formatValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A count with its noun. */
export function plural(count: number | bigint, one: string, many = `${one}s`): string {
  return `${count} ${BigInt(count) === 1n ? one : many}`;
}
