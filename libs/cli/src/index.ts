export { planProjectDir, runSteps } from './apply/plan.ts';
export type { Step } from './apply/step.ts';
export type { Difference } from './files/difference.ts';
export type { LibraryFile } from './files/library-file.ts';
export { type ProjectDir, readProjectDir, type SampleBrief } from './files/project-dir.ts';
export { UsageError } from './usage-error.ts';
