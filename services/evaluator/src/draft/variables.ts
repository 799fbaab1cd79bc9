import { parseLiquid, renderLiquid } from '@atelier/liquid';
import { type Variable, VariableType } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';

/** A variable by itself. What else Liquid can do would make a question depend on more than its words show. */
const PLAIN_OUTPUT = /\{\{ *([a-z][a-z0-9_]*) *\}\}/g;

/** The variables that a draft may use, with the values that this brief gives them. */
export class DraftVariables {
  readonly #declared: ReadonlyMap<string, Variable>;
  readonly #values: ReadonlyMap<string, string>;

  /** Values of undeclared names, and those that a variable does not take, count as not given. */
  constructor(declared: readonly Variable[], given: Readonly<Record<string, string>>) {
    this.#declared = new Map(declared.map((variable) => [variable.name, variable]));
    this.#values = new Map(
      declared.flatMap((variable) => {
        const value = Object.hasOwn(given, variable.name) ? given[variable.name] : undefined;
        const known = value !== undefined && takes(variable, value) ? value : defaultText(variable);
        return known === undefined ? [] : [[variable.name, known] as const];
      }),
    );
  }

  /** What is wrong with how a text uses variables; nothing where it renders. */
  faults(source: string): string[] {
    const names = [...source.matchAll(PLAIN_OUTPUT)].map(([, name]) => name as string);
    const faults = [...new Set(names)].flatMap((name) => this.#faultsOfUse(name));
    const rest = source.replaceAll(PLAIN_OUTPUT, '');
    if (/\{[{%]|[}%]\}/.test(rest)) faults.push('it has braces that are not {{ name }} and nothing else');
    return faults;
  }

  /** A text with the values of this brief in it. Expects one without faults. */
  render(source: string): string {
    return renderLiquid(parseLiquid(source), Object.fromEntries(this.#values)).trim();
  }

  #faultsOfUse(name: string): string[] {
    const variable = this.#declared.get(name);
    if (variable === undefined) return [`it uses the variable ${name}, which no template declares`];
    if (variable.type === VariableType.LIST)
      return [`it uses ${name}, which is a list and so more than one thing`];
    if (variable.type === VariableType.IMAGE) return [`it uses ${name}, which is an image and has no words`];
    return this.#values.has(name) ? [] : [`it uses ${name}, to which the brief gives no value`];
  }
}

function takes({ type, values }: Variable, value: string): boolean {
  if (value === '') return false;
  if (type === VariableType.ENUM) return values.includes(value);
  return type !== VariableType.NUMBER || Number.isFinite(Number(value));
}

/** The default as a text; undefined where there is none, or none that is one. */
function defaultText({ defaultValue }: Variable): string | undefined {
  if (defaultValue === undefined) return undefined;
  const json = toJson(ValueSchema, defaultValue);
  return typeof json === 'string' || typeof json === 'number' ? String(json) : undefined;
}
