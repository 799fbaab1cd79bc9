import { ParamError } from './check.ts';

/** Reads the parameters of one check, each field at most once; `done` refuses fields that nobody read. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** The raw value; a missing, null or blank one is undefined, since a template may render to nothing. */
  #take(field: string): unknown {
    this.#read.add(field);
    const value = this.#values[field];
    if (value === null || (typeof value === 'string' && value.trim() === '')) return undefined;
    return value;
  }

  /** A number within a range, both ends included. Text such as `3` is accepted. */
  number(field: string, range: { min: number; max: number; integer?: boolean }): number | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' ? Number(value.trim()) : value;
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw new ParamError(field, 'must be a number');
    if (range.integer === true && !Number.isInteger(number)) {
      throw new ParamError(field, 'must be a whole number');
    }
    if (number < range.min || number > range.max) {
      throw new ParamError(field, `must be from ${range.min} to ${range.max}`);
    }
    return number;
  }

  /** A text of at most `maxLength` characters, trimmed. */
  text(field: string, maxLength = 500): string | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') throw new ParamError(field, 'must be text');
    const text = String(value).trim();
    if (text.length > maxLength) throw new ParamError(field, `must have at most ${maxLength} characters`);
    return text;
  }

  /** One of some words. */
  choice<const T extends string>(field: string, choices: readonly T[]): T | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (found === undefined) throw new ParamError(field, `must be one of ${choices.join(', ')}`);
    return found;
  }

  /** True or false, also as the words. */
  flag(field: string): boolean | undefined {
    const value = this.#take(field);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw new ParamError(field, 'must be true or false');
  }

  /** A list of words, or one text with commas. */
  words(field: string): string[] | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    const list = typeof value === 'string' ? value.split(',') : value;
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) {
      throw new ParamError(field, 'must be a list of words');
    }
    const words = list.map((item: string) => item.trim().toLowerCase()).filter((item) => item !== '');
    if (words.length === 0 || words.length > 20) throw new ParamError(field, 'must have 1 to 20 words');
    return words;
  }

  /** Throws for a field that the check does not have: a misspelt limit must not pass in silence. */
  done<P>(params: P): P {
    const unknown = Object.keys(this.#values).find((field) => !this.#read.has(field));
    if (unknown !== undefined) throw new ParamError(unknown, 'is not a parameter of this check');
    return params;
  }
}
