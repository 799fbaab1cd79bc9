import type { JsonObject } from '@bufbuild/protobuf';
import { differenceLines } from '../files/difference.ts';
import { differencesJson } from '../files/difference-json.ts';
import type { Style } from '../output/style.ts';
import type { Step } from './step.ts';

/** Steps in lines for people. What differs is shown beforehand, but for what is made new. */
export function stepLines(steps: readonly Step[], dryRun: boolean, style: Style): string[] {
  const width = Math.max(...steps.map(({ resource }) => resource.length));
  return steps.flatMap(({ resource, summary, differences, notes, action }) => [
    `${resource.padEnd(width)}  ${action === 'unchanged' ? style.dim(summary) : summary}`,
    ...(dryRun && action !== 'create' ? differenceLines(differences).map((line) => `    ${line}`) : []),
    ...folded(notes).map((note) => `    ${style.yellow(note)}`),
  ]);
}

/** A step for programs. */
export function stepJson({ resource, action, summary, differences, notes }: Step): JsonObject {
  return {
    name: resource,
    action,
    summary,
    notes: [...notes],
    differences: differencesJson(differences),
  };
}

/** Notes that differ in their last word alone as one, such as the questions that no judge can answer. */
function folded(notes: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const note of notes) {
    const [, beginning = note, last = ''] = /^(.* )([^ ]+)\.$/.exec(note) ?? [];
    groups.set(beginning, [...(groups.get(beginning) ?? []), last]);
  }
  return [...groups].map(([beginning, words]) => {
    const all = words.filter(Boolean).join(', ');
    return all === '' ? beginning : `${beginning}${all}.`;
  });
}
