import { invalidArgument } from '@atelier/rpc';
import type { Judge } from '../judges/judge.ts';

/** Whom a request wants to be asked, by instances. */
export interface PanelChoice {
  /** In place of the rubric's; empty for those. */
  readonly judges: readonly string[];
  readonly withoutJudges: readonly string[];
}

/** Who is asked. */
export interface Panel {
  readonly judges: readonly Judge[];
  /** Why nobody is, in words; empty where somebody is. */
  readonly silence: string;
}

/**
 * The judges that answer: those that the request names, else those that the rubric names, else all, without those that the
 * request leaves out. INVALID_ARGUMENT for a name of the request that is no judge's; a rubric may be older than the
 * configuration, and then says why nobody answers.
 */
export function panelOf(
  configured: readonly Judge[],
  ofRubric: readonly string[],
  { judges, withoutJudges }: PanelChoice,
): Panel {
  requireKnown(configured, { judges, without_judges: withoutJudges });
  const wanted = judges.length > 0 ? judges : ofRubric;
  const named =
    wanted.length === 0 ? configured : configured.filter(({ instance }) => wanted.includes(instance));
  const asked = named.filter(({ instance }) => !withoutJudges.includes(instance));
  if (named.length === 0) {
    const names = wanted.join(', ');
    return { judges: [], silence: `None of the judges that the rubric names (${names}) is configured.` };
  }
  return { judges: asked, silence: asked.length === 0 ? 'Every judge that could answer was left out.' : '' };
}

/** Throws INVALID_ARGUMENT naming every place that names a judge that is not configured. */
export function requireKnown(
  configured: readonly Judge[],
  fields: Readonly<Record<string, readonly string[]>>,
): void {
  const isKnown = (name: string) => configured.some(({ instance }) => instance === name);
  const unknown = Object.entries(fields).flatMap(([field, names]) =>
    names.flatMap((name, index) =>
      isKnown(name) ? [] : [{ field: `${field}[${index}]`, description: `${name} is no judge here` }],
    ),
  );
  if (unknown.length > 0) throw invalidArgument(unknown);
}
