import type { Command } from 'commander';
import { planProjectDir, runSteps } from '../apply/plan.ts';
import { differenceLines } from '../files/difference.ts';
import { readProjectDir } from '../files/project-dir.ts';
import { plural } from '../output/format.ts';
import { define, type Runtime } from './define.ts';

/** `atelier apply`: brings the platform to what a folder says. */
export function addApply(program: Command, runtime: Runtime): void {
  define<{ dryRun?: boolean; promote?: boolean }>(program, runtime, {
    usage: 'apply <dir>',
    summary:
      'Brings a project with its template and rubric to what the files of a folder say. To apply the same files again changes nothing.',
    options: (command) =>
      command
        .option('--dry-run', 'show what would change, and change nothing')
        .option('--promote', 'move the alias "production" to the new versions, where there is one'),
    examples: ['apply deploy/samples/produce-cutouts --dry-run', 'apply deploy/samples/produce-cutouts'],
    run: async (session, [folder = ''], { dryRun = false, promote = false }) => {
      const { out } = session;
      const dir = await readProjectDir(folder);
      const steps = await planProjectDir(session, dir, { promote });
      if (!dryRun) await runSteps(steps);
      const width = Math.max(...steps.map(({ resource }) => resource.length));
      const lines = steps.flatMap(({ resource, summary, differences, notes, action }) => [
        `${resource.padEnd(width)}  ${action === 'unchanged' ? out.style.dim(summary) : summary}`,
        ...(dryRun && action !== 'create' ? differenceLines(differences).map((line) => `    ${line}`) : []),
        ...notes.map((note) => `    ${out.style.yellow(note)}`),
      ]);
      const briefs = dir.briefs.length;
      if (out.json) {
        const resources = steps.map(({ resource, action, summary, differences, notes }) => ({
          name: resource,
          action,
          summary,
          notes: [...notes],
          differences: differences.map(({ path, before, after }) => ({
            path,
            before: before ?? null,
            after: after ?? null,
          })),
        }));
        out.result({ dryRun, resources, briefs }, []);
      } else {
        out.lines([
          ...(dryRun ? ['This would be done:'] : []),
          ...lines,
          ...(briefs === 0
            ? []
            : [out.style.dim(`${plural(briefs, 'sample brief')}: atelier test ${folder}`)]),
        ]);
      }
      return 0;
    },
  });
}
