import {
  type StyleDefault,
  type Variable,
  VariableType,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { Problem } from './problem.ts';
import { readValue } from './variable-value.ts';
import { defaultJson } from './variables.ts';

/** Names that mean something already where a template reads them. */
const RESERVED = new Set([
  'brief',
  'style',
  'forloop',
  'tablerowloop',
  'true',
  'false',
  'nil',
  'null',
  'empty',
  'blank',
]);

const WITH_LENGTH = new Set<VariableType>([VariableType.UNSPECIFIED, VariableType.TEXT, VariableType.LIST]);

/** What is wrong with the variables that a template declares. */
export function checkVariables(variables: readonly Variable[], path: string): Problem[] {
  return variables.flatMap((variable, index) => {
    const here = `${path}[${index}]`;
    return [
      ...checkName(variable.name, variables.slice(0, index), `${here}.name`),
      ...checkValues(variable, here),
      ...checkDefault(variable, here),
    ];
  });
}

/** What is wrong with the names of the style defaults. */
export function checkStyleNames(styles: readonly StyleDefault[], path: string): Problem[] {
  return styles.flatMap(({ name }, index) =>
    isAmong(name, styles.slice(0, index))
      ? [{ field: `${path}[${index}].name`, description: `${name} is declared twice` }]
      : [],
  );
}

function checkName(name: string, earlier: readonly { readonly name: string }[], field: string): Problem[] {
  if (RESERVED.has(name)) return [{ field, description: `${name} has a meaning of its own in templates` }];
  return isAmong(name, earlier) ? [{ field, description: `${name} is declared twice` }] : [];
}

function checkValues({ type, values, maxLength }: Variable, here: string): Problem[] {
  const problems: Problem[] = [];
  const field = `${here}.values`;
  if (type === VariableType.ENUM) {
    if (values.length === 0) problems.push({ field, description: 'an enum needs values' });
    if (values.includes('')) problems.push({ field, description: 'must not hold the empty text' });
    if (new Set(values).size < values.length) problems.push({ field, description: 'must differ' });
  } else if (values.length > 0) {
    problems.push({ field, description: 'are for enums only' });
  }
  if (maxLength > 0 && !WITH_LENGTH.has(type)) {
    problems.push({ field: `${here}.max_length`, description: 'is for texts and lists only' });
  }
  return problems;
}

function checkDefault(variable: Variable, here: string): Problem[] {
  const json = defaultJson(variable);
  if (json === undefined) return [];
  const { problem } = readValue(variable, json);
  return problem === undefined ? [] : [{ field: `${here}.default_value`, description: problem }];
}

function isAmong(name: string, items: readonly { readonly name: string }[]): boolean {
  return items.some((item) => item.name === name);
}
