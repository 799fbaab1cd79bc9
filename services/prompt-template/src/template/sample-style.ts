import type { Problem } from './problem.ts';

/** What the contract allows of the styles of a brief; those of a sample come in a message of their own. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const MAX_VALUE = 1_024;

/** What no brief could have among the styles of a sample. */
export function checkStyles(style: Readonly<Record<string, string>>, path: string): Problem[] {
  return Object.entries(style).flatMap(([name, value]) => {
    const field = `${path}[${JSON.stringify(name)}]`;
    const length = [...value].length;
    return [
      ...(NAME.test(name)
        ? []
        : [{ field, description: 'is no name of a style: lower-case letters, digits and underscores' }]),
      ...(length > MAX_VALUE
        ? [{ field, description: `has ${length} characters; at most ${MAX_VALUE} are allowed` }]
        : []),
    ];
  });
}
