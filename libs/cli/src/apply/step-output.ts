import type { JsonObject } from '@bufbuild/protobuf';
import { differenceLines } from '../files/difference.ts';
import type { Style } from '../output/style.ts';
import type { Step } from './step.ts';

/** Steps in lines for people. What differs is shown beforehand, but for what is made new. */
export function stepLines(steps: readonly Step[], dryRun: boolean, style: Style): string[] {
  const width = Math.max(...steps.map(({ resource }) => resource.length));
  return steps.flatMap(({ resource, summary, differences, notes, action }) => [
    `${resource.padEnd(width)}  ${action === 'unchanged' ? style.dim(summary) : summary}`,
    ...(dryRun && action !== 'create' ? differenceLines(differences).map((line) => `    ${line}`) : []),
    ...notes.map((note) => `    ${style.yellow(note)}`),
  ]);
}

/** A step for programs. */
export function stepJson({ resource, action, summary, differences, notes }: Step): JsonObject {
  return {
    name: resource,
    action,
    summary,
    notes: [...notes],
    differences: differences.map(({ path, before, after }) => ({
      path,
      before: before ?? null,
      after: after ?? null,
    })),
  };
}
