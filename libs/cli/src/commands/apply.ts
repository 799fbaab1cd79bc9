import type { Command } from 'commander';
import { planProjectDir, runSteps } from '../apply/plan.ts';
import { stepJson, stepLines } from '../apply/step-output.ts';
import { readProjectDir } from '../files/project-dir.ts';
import { plural } from '../output/format.ts';
import { define, type Runtime } from './define.ts';

/** `atelier apply`: brings the platform to what a folder says. */
export function addApply(program: Command, runtime: Runtime): void {
  define<{ dryRun?: boolean; promote?: boolean }>(program, runtime, {
    usage: 'apply <dir>',
    summary:
      'Brings a project with its templates and rubrics to what the files of a folder say. To apply the same files again changes nothing.',
    options: (command) =>
      command
        .option('--dry-run', 'show what would change, and change nothing')
        .option(
          '--promote',
          'move aliases such as "production" to the new versions, where they are somewhere else',
        ),
    examples: ['apply deploy/samples/produce-cutouts --dry-run', 'apply deploy/samples/produce-cutouts'],
    run: async (session, [folder = ''], { dryRun = false, promote = false }) => {
      const { out } = session;
      const dir = await readProjectDir(folder);
      const steps = await planProjectDir(session, dir, { promote });
      if (!dryRun) await runSteps(steps);
      const briefs = dir.briefs.length;
      if (out.json) {
        out.result({ dryRun, resources: steps.map(stepJson), briefs }, []);
      } else {
        out.lines([
          ...(dryRun ? ['This would be done:'] : []),
          ...stepLines(steps, dryRun, out.style),
          ...(briefs === 0
            ? []
            : [out.style.dim(`${plural(briefs, 'sample brief')}: atelier test ${folder}`)]),
        ]);
      }
      return 0;
    },
  });
}
