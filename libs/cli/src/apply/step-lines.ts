import type { JsonValue } from '@bufbuild/protobuf';
import { differenceLines } from '../files/difference.ts';
import { differencesJson } from '../files/difference-json.ts';
import type { Style } from '../output/style.ts';
import type { Step } from './step.ts';

/** What steps do, in lines for people; with every difference where they are only planned. */
export function stepLines(steps: readonly Step[], style: Style, dryRun: boolean): string[] {
  const width = Math.max(...steps.map(({ resource }) => resource.length));
  const lines = steps.flatMap(({ resource, summary, differences, notes, action }) => [
    `${resource.padEnd(width)}  ${action === 'unchanged' ? style.dim(summary) : summary}`,
    ...(dryRun && action !== 'create' ? differenceLines(differences).map((line) => `    ${line}`) : []),
    ...folded(notes).map((note) => `    ${style.yellow(note)}`),
  ]);
  return [...(dryRun ? ['This would be done:'] : []), ...lines];
}

/** The same for programs. */
export function stepsJson(steps: readonly Step[]): JsonValue {
  return steps.map(({ resource, action, summary, differences, notes }) => ({
    name: resource,
    action,
    summary,
    notes: [...notes],
    differences: differencesJson(differences),
  }));
}

/** Notes that differ in their last word alone as one, such as the questions that no judge can answer. */
function folded(notes: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const note of notes) {
    const [, beginning = '', last = note] = /^(.* )([^ ]+)\.$/.exec(note) ?? [];
    groups.set(beginning, [...(groups.get(beginning) ?? []), last]);
  }
  return [...groups].flatMap(([beginning, words]) =>
    beginning === ''
      ? words
      : `${beginning.replace(/question $/, words.length > 1 ? 'questions ' : 'question ')}${words.join(', ')}.`,
  );
}
