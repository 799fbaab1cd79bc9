import type { LibrarySource } from '../files/library-source.ts';
import { Problems } from '../files/problems.ts';
import type { ProjectDir } from '../files/project-dir.ts';
import type { Library } from '../library/library.ts';
import { rubricLibrary } from '../library/rubric-library.ts';
import { templateLibrary } from '../library/template-library.ts';
import type { Session } from '../session.ts';
import { type LibraryPlanOptions, planLibrary } from './plan-library.ts';
import { planProject } from './plan-project.ts';
import type { Step } from './step.ts';

/**
 * What it takes to bring the platform to what a folder says, in the order in which it must be done. Templates and rubrics are
 * checked by the platform first, so that nothing is changed where one of them is broken.
 */
export async function planProjectDir(
  session: Pick<Session, 'services' | 'call'>,
  dir: ProjectDir,
  options: { readonly promote?: boolean } = {},
): Promise<Step[]> {
  const [templates, rubrics] = [templateLibrary(session), rubricLibrary(session)];
  const work = [
    ...dir.templates.map((source) => ({ library: templates, source })),
    ...dir.rubrics.map((source) => ({ library: rubrics, source })),
  ];
  const steps = await planLibraries(work, { promote: options.promote ?? false });
  return [...steps, await planProject(session, dir)];
}

/** The same for templates and rubrics alone. A `UsageError` tells everything that the platform refuses, by file and path. */
export async function planLibraries(
  work: readonly { readonly library: Library; readonly source: LibrarySource }[],
  options: LibraryPlanOptions,
): Promise<Step[]> {
  const problems = new Problems();
  const steps: Step[] = [];
  for (const { library, source } of work) {
    const step = await problems.attempt(() => planLibrary(library, source, options));
    if (step !== undefined) steps.push(step);
  }
  problems.settle();
  return steps;
}

/** Does the steps, one after the other. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run();
}
