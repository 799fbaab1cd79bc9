import { ConfigError, type ConfigProblem, type Instance } from '@atelier/config';
import {
  LANGUAGE_MODEL_TYPES,
  type LanguageModel,
  type LanguageModelOptions,
  languageModelProblems,
  openLanguageModel,
} from '@atelier/language-models';
import { modelInstance } from './judges/language/judge-settings.ts';

/** What the choice of a writer depends on. */
export interface WriterChoice {
  /** Instance that is named as the writer, where one is. */
  readonly writer: string | undefined;
  /** Judges, in the order in which they are asked. */
  readonly names: readonly string[];
  readonly instances: ReadonlyMap<string, Instance>;
}

/**
 * The instance whose language model drafts questions: the one that is named, else the first judge that is one, else the first
 * such instance by name that has what it needs; undefined where there is none. Throws `ConfigError` with all that is wrong with
 * the one that is named.
 */
export function writerInstance({ writer, names, instances }: WriterChoice): Instance | undefined {
  if (writer === undefined) {
    const inOrder = [...names.flatMap((name) => instances.get(name) ?? []), ...instances.values()];
    return inOrder.find((instance) => problemsOf(instance).length === 0);
  }
  const found = instances.get(writer);
  const problems = found === undefined ? [missing(writer)] : problemsOf(found);
  if (problems.length > 0) throw new ConfigError(problems);
  return found;
}

/** Opens the writer. A judge and a writer of one instance share its bounds. */
export function openWriter(
  instance: Instance,
  options: Pick<LanguageModelOptions, 'limits' | 'log'>,
): LanguageModel {
  return openLanguageModel(modelInstance(instance), { ...options, variable: variableOf(instance.name) });
}

function problemsOf(instance: Instance): ConfigProblem[] {
  const { name, type } = instance;
  if (LANGUAGE_MODEL_TYPES.every((known) => known !== type)) {
    const message = `${name} is of type ${type}; only ${LANGUAGE_MODEL_TYPES.join(', ')} can write`;
    return [{ variable: 'EVALUATOR_WRITER', message }];
  }
  return languageModelProblems(modelInstance(instance), variableOf(name));
}

function missing(name: string): ConfigProblem {
  const message = `there is no instance ${name}; ${variableOf(name)}_TYPE and the like would describe it`;
  return { variable: 'EVALUATOR_WRITER', message };
}

function variableOf(name: string): string {
  return `JUDGE_${name.toUpperCase().replaceAll('-', '_')}`;
}
