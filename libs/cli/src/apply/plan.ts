import type { ProjectDir } from '../files/project-dir.ts';
import { rubricLibrary } from '../library/rubric-library.ts';
import { templateLibrary } from '../library/template-library.ts';
import type { Session } from '../session.ts';
import { planLibrary } from './plan-library.ts';
import { planProject } from './plan-project.ts';
import type { Step } from './step.ts';

/**
 * What it takes to bring the platform to what a folder says, in the order in which it must be done. Template and rubric are
 * checked by the platform first, so that nothing is changed where one of them is broken.
 */
export async function planProjectDir(
  session: Pick<Session, 'services' | 'call'>,
  dir: ProjectDir,
  options: { readonly promote?: boolean } = {},
): Promise<Step[]> {
  const promote = options.promote ?? false;
  const steps: Step[] = [];
  if (dir.template !== undefined)
    steps.push(await planLibrary(templateLibrary(session), dir.template, promote));
  if (dir.rubric !== undefined) steps.push(await planLibrary(rubricLibrary(session), dir.rubric, promote));
  steps.push(await planProject(session, dir));
  return steps;
}

/** Does the steps, one after the other. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run();
}
