import type { DescEnum, EnumShape, JsonValue } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h` or `250ms`, in milliseconds. */
export function parseDuration(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined)
    throw new UsageError(`${option}: "${text}" is not a duration such as 90s, 5m or 1h`);
  return Math.round(Number(amount) * (UNITS[unit] ?? 1));
}

/** A whole number within bounds. */
export function parseInteger(
  option: string,
  text: string,
  min = 0,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${option}: "${text}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A number. */
export function parseNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${option}: "${text}" is not a number`);
  return value;
}

/** US dollars, in millionths. */
export function parseUsd(option: string, text: string): bigint {
  const [, whole = '0', decimals = ''] = /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (!/^\$?\d{1,9}(\.\d{1,6})?$/.test(text))
    throw new UsageError(`${option}: "${text}" is not an amount of dollars such as 0.05`);
  return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
}

/** `key=value`. */
export function parsePair(option: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${option}: "${text}" is not key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Pairs as an object of texts. */
export function parsePairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => parsePair(option, text)));
}

/**
 * The value of a variable: what reads as a number, true, false, a list, an object or a quoted text in JSON is that, and
 * everything else is text as it stands. So `count=3` is a number and `code='"3"'` a text.
 */
export function parseVariable(text: string): JsonValue {
  if (!/^(-?\d|true$|false$|null$|["[{])/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** The value of an enum by its name, in full or without the enum's prefix, in any case. */
export function parseEnum<D extends DescEnum>(option: string, desc: D, text: string): EnumShape<D> {
  const wanted = text.toUpperCase().replaceAll('-', '_').replaceAll(' ', '_');
  const found = desc.values.find(({ name, localName }) => name === wanted || localName === wanted);
  if (found !== undefined && found.number !== 0) return found.number as EnumShape<D>;
  const names = desc.values.filter(({ number }) => number !== 0).map(({ localName }) => word(localName));
  throw new UsageError(`${option}: "${text}" is none of ${names.join(', ')}`);
}

function word(localName: string): string {
  return localName.toLowerCase().replaceAll('_', '-');
}

/** A date or moment of ISO 8601. */
export function parseTime(option: string, text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw new UsageError(`${option}: "${text}" is not a date such as 2026-11-01 or 2026-11-01T12:00:00Z`);
  }
  return time;
}
