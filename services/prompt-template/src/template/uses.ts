import { at, type UsedVariable } from '@atelier/liquid';
import {
  type StyleDefault,
  type Variable,
  VariableType,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';

/** What a text may use. */
export interface Vocabulary {
  readonly variables: readonly Variable[];
  readonly styles: readonly StyleDefault[];
}

/** What is wrong with a use of a variable; undefined where it is declared. */
export function problemOfUse({ path, position }: UsedVariable, vocabulary: Vocabulary): string | undefined {
  const [root, ...properties] = path;
  const problem = describe(String(root), properties, vocabulary);
  return problem === undefined ? undefined : `${at(position)}: ${problem}`;
}

type Properties = readonly (string | number | null)[];

function describe(root: string, properties: Properties, vocabulary: Vocabulary): string | undefined {
  if (root === 'brief') return properties.length === 0 ? undefined : 'brief has no properties';
  if (root === 'style') return describeStyle(properties, vocabulary.styles);
  const variable = vocabulary.variables.find(({ name }) => name === root);
  if (variable === undefined) return `${root} is not declared`;
  const [property] = properties;
  return property === undefined || hasProperty(variable, property)
    ? undefined
    : `${root} has no property ${property === null ? 'that is computed' : property}`;
}

function describeStyle([name, ...rest]: Properties, styles: readonly StyleDefault[]): string | undefined {
  if (typeof name !== 'string') return 'style is used with a name behind a dot, as in style.lighting';
  if (!styles.some((style) => style.name === name)) return `style.${name} is not declared in style_defaults`;
  return rest.length === 0 ? undefined : `style.${name} has no properties`;
}

/** Lists have a length and items, texts a length; a computed index of a list is left to the rendering. */
function hasProperty({ type }: Variable, property: string | number | null): boolean {
  if (type === VariableType.LIST) {
    return property === null || typeof property === 'number' || ['size', 'first', 'last'].includes(property);
  }
  return type !== VariableType.NUMBER && property === 'size';
}
