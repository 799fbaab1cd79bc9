import { ConfigError, type ConfigProblem, type Instance } from '@atelier/config';
import type { CallLimits } from '@atelier/coordination';
import { LANGUAGE_MODEL_TYPES, languageModelProblems, openLanguageModel } from '@atelier/language-models';
import type { Logger } from '@atelier/observability';
import { builtinJudge } from './builtin/builtin-judge.ts';
import type { Judge } from './judge.ts';
import { judgeSettings, modelInstance, settingProblems } from './language/judge-settings.ts';
import { languageJudge } from './language/language-judge.ts';

const BUILTIN = 'builtin';
const LANGUAGE: readonly string[] = LANGUAGE_MODEL_TYPES;

/** What judges are made with. */
export interface PanelOptions {
  /** Instances, in the order in which they are asked. */
  readonly names: readonly string[];
  /** What `JUDGE_<INSTANCE>_*` says of them. */
  readonly instances: ReadonlyMap<string, Instance>;
  readonly workers: number;
  /** Keeps the calls to each judge within its bounds. */
  readonly limits: CallLimits;
  readonly log: Logger;
}

/** Throws `ConfigError` with all that is wrong with any of the judges. Opens nothing. */
export function checkPanel({ names, instances }: Pick<PanelOptions, 'names' | 'instances'>): void {
  const problems = [...repeated(names), ...chosen(names, instances).flatMap(problemsOf)];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Makes the judges that are configured, whose configuration was checked. */
export function createPanel({ names, instances, workers, limits, log }: PanelOptions): readonly Judge[] {
  return chosen(names, instances).map((instance): Judge => {
    if (instance.type === BUILTIN) return builtinJudge({ instance: instance.name, workers, log });
    const model = openLanguageModel(modelInstance(instance), { limits, log, variable: variableOf(instance) });
    return languageJudge({ model, ...judgeSettings(instance), log });
  });
}

function chosen(names: readonly string[], instances: PanelOptions['instances']): Instance[] {
  return names.map((name) => instances.get(name) ?? unwritten(name));
}

/** An instance without variables: its type is its name. */
function unwritten(name: string): Instance {
  return { name, type: name, fields: new Map(), secrets: new Map() };
}

function problemsOf(instance: Instance): ConfigProblem[] {
  const { name, type, fields } = instance;
  if (type === BUILTIN) return [];
  const variable = variableOf(instance);
  if (!LANGUAGE.includes(type)) {
    const types = [BUILTIN, ...LANGUAGE].join(', ');
    const message = `the judge ${name} is of a type that is none of ${types}`;
    return [{ variable: fields.size > 0 ? `${variable}_TYPE` : 'EVALUATOR_JUDGES', message }];
  }
  const blind = /^(off|false|no|0)$/i.test(fields.get('VISION') ?? '');
  return [
    ...settingProblems(instance, variable),
    ...languageModelProblems(modelInstance(instance), variable),
    ...(blind ? [{ variable: `${variable}_VISION`, message: 'a judge has to be shown images' }] : []),
  ];
}

function variableOf({ name }: Instance): string {
  return `JUDGE_${name.toUpperCase().replaceAll('-', '_')}`;
}

function repeated(names: readonly string[]): ConfigProblem[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return twice.map((name) => ({ variable: 'EVALUATOR_JUDGES', message: `${name} is named twice` }));
}
