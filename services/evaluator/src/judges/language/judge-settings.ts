import type { ConfigProblem, Instance } from '@atelier/config';

/** What an instance says beside what it says of its model. */
export interface JudgeSettings {
  /** `ASKS`: how often a question is asked whose answer has no log-probabilities. */
  readonly asks: number;
  /** `BATCH`: most questions in one call. */
  readonly batch: number;
}

/** Bounds and defaults. Three asks tell a doubt from none; with more than some eight questions models begin to skim. */
const FIELDS = {
  ASKS: { least: 1, most: 9, usual: 3 },
  BATCH: { least: 1, most: 32, usual: 8 },
} as const;

type Field = keyof typeof FIELDS;

/** Reads the settings of a judge. Expects that there are no problems with them. */
export function judgeSettings(instance: Instance): JudgeSettings {
  return { asks: read(instance, 'ASKS'), batch: read(instance, 'BATCH') };
}

/** What is wrong with the settings. `variable` is the beginning of the instance's variables: `JUDGE_QWEN`. */
export function settingProblems(instance: Instance, variable: string): ConfigProblem[] {
  return (Object.keys(FIELDS) as Field[]).flatMap((field) => {
    const { least, most } = FIELDS[field];
    const value = read(instance, field);
    if (Number.isInteger(value) && value >= least && value <= most) return [];
    return [{ variable: `${variable}_${field}`, message: `must be a whole number from ${least} to ${most}` }];
  });
}

/** The same instance as a language model knows it, without what is a judge's alone. */
export function modelInstance(instance: Instance): Instance {
  const fields = new Map(instance.fields);
  for (const field of Object.keys(FIELDS)) fields.delete(field);
  return { ...instance, fields };
}

function read({ fields }: Instance, field: Field): number {
  const text = fields.get(field);
  if (text === undefined) return FIELDS[field].usual;
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}
