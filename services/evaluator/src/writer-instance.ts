import { ConfigError, type Instance } from '@atelier/config';
import { LANGUAGE_MODEL_TYPES, languageModelProblems } from '@atelier/language-models';

/** What the choice of a writer depends on. */
export interface WriterChoice {
  /** Instance that is named as the writer, where one is. */
  readonly named: string | undefined;
  /** Judges, in the order in which they are asked. */
  readonly judges: readonly string[];
  readonly instances: ReadonlyMap<string, Instance>;
}

/** What the variables of a judge's instance begin with: `JUDGE_QWEN`. */
export function judgeVariable(instance: string): string {
  return `JUDGE_${instance.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The instance whose model drafts questions: the one that is named, else the first judge that is a language model, else the
 * first such instance by name that has what it needs; undefined where there is none. Throws `ConfigError` where the one that
 * is named is not there, or is no language model.
 */
export function writerInstance({ named, judges, instances }: WriterChoice): Instance | undefined {
  if (named === undefined) {
    const inOrder = [...judges.flatMap((judge) => instances.get(judge) ?? []), ...instances.values()];
    return inOrder.find(
      (instance) => languageModelProblems(instance, judgeVariable(instance.name)).length === 0,
    );
  }
  const found = instances.get(named);
  if (found === undefined) {
    const message = `there is no instance ${named}: ${judgeVariable(named)}_TYPE and the like describe one`;
    throw new ConfigError([{ variable: 'EVALUATOR_WRITER', message }]);
  }
  if (LANGUAGE_MODEL_TYPES.every((type) => type !== found.type)) {
    const message = `${named} is of type ${found.type}; only ${LANGUAGE_MODEL_TYPES.join(', ')} can write`;
    throw new ConfigError([{ variable: 'EVALUATOR_WRITER', message }]);
  }
  return found;
}
