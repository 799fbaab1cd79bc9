import { type ConfigProblem, type Environment, type Instance, instances } from '@atelier/config';
import { LANGUAGE_MODEL_TYPES, languageModelProblems } from '@atelier/language-models';

/** Variables that belong to the model begin with it, and messages name them so. */
export const PROMPT_MODEL = 'PROMPT_LLM';

/** Who writes prompts, as the environment says. */
export interface PromptModel {
  /** Undefined where rules do. */
  readonly promptModel: Instance | undefined;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads `PROMPT_LLM`: `rules`, which is the default, or `TYPE:MODEL` with the `PROMPT_LLM_*` variables that the model needs.
 * What is wrong is told by variable, never with the value of a secret.
 */
export function readPromptModel(env: Environment): PromptModel {
  const said = env[PROMPT_MODEL]?.trim() ?? '';
  if (said === '' || said === 'rules') return { promptModel: undefined, problems: [] };
  const [, type = '', model = ''] = /^([a-z][a-z-]*):(.+)$/s.exec(said) ?? [];
  if (!LANGUAGE_MODEL_TYPES.some((known) => known === type) || model.trim() === '') {
    const message = `must be rules, or TYPE:MODEL with one of the types ${LANGUAGE_MODEL_TYPES.join(', ')}`;
    return { promptModel: undefined, problems: [{ variable: PROMPT_MODEL, message }] };
  }
  const twice = (['TYPE', 'MODEL'] as const)
    .map((field) => `${PROMPT_MODEL}_${field}`)
    .filter((variable) => (env[variable]?.trim() ?? '') !== '')
    .map((variable) => ({ variable, message: `is said by ${PROMPT_MODEL} itself: leave it out` }));
  const promptModel = instanceOf({
    ...env,
    [`${PROMPT_MODEL}_TYPE`]: type,
    [`${PROMPT_MODEL}_MODEL`]: model.trim(),
  });
  return { promptModel, problems: [...twice, ...languageModelProblems(promptModel, PROMPT_MODEL)] };
}

/** The variables as an instance, named after them: `prompt-llm`. */
function instanceOf(env: Environment): Instance {
  const [prefix = '', stem = ''] = PROMPT_MODEL.split('_');
  const found = instances(env, prefix, ['TYPE']).get(stem.toLowerCase());
  if (found === undefined) throw new TypeError(`${PROMPT_MODEL}_TYPE makes no instance`);
  return { ...found, name: PROMPT_MODEL.toLowerCase().replace('_', '-') };
}
