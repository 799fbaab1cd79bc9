import { type Requirement, unmet } from '../../template/requirements.ts';
import { length } from '../../text/compose.ts';
import { hasControls } from '../../text/controls.ts';
import { sentenceKey } from '../../text/sentences.ts';
import { missingTerms, presentTerms } from '../../text/terms.ts';

/** What a prompt that a model wrote must be like. */
export interface Demands {
  /** Longest text in characters. */
  readonly maxChars: number;
  readonly requiredTerms: readonly string[];
  readonly forbiddenTerms: readonly string[];
  readonly requirements: readonly Requirement[];
  /** Prompts that may not come again, as `sentenceKey` gives them. */
  readonly earlier: ReadonlySet<string>;
}

/** Everything that keeps a text from being taken, in sentences for the model that wrote it; none where it is good. */
export function faultsOf(text: string, demands: Demands): string[] {
  if (sentenceKey(text) === '') return ['The prompt is empty.'];
  const { maxChars, requiredTerms, forbiddenTerms, requirements, earlier } = demands;
  const characters = length(text);
  return [
    ...(hasControls(text) ? ['The prompt holds control characters.'] : []),
    ...(characters > maxChars
      ? [`The prompt has ${characters} characters; at most ${maxChars} are allowed.`]
      : []),
    ...missingTerms(text, requiredTerms).map((term) => `The prompt does not contain “${term}”.`),
    ...presentTerms(text, forbiddenTerms).map((term) => `The prompt contains “${term}”, which is forbidden.`),
    ...unmet(text, requirements).map((name) => `The prompt drops a requirement. It must say ${name}.`),
    ...(earlier.has(sentenceKey(text)) ? ['The prompt equals one that was tried before.'] : []),
  ];
}
