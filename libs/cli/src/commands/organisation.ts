import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { create, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { planOrganisation } from '../apply/plan-organisation.ts';
import { stepJson, stepLines } from '../apply/step-output.ts';
import { readOrganisation } from '../files/organisation-file.ts';
import { define, group, type Runtime } from './define.ts';

/** `atelier organisation`: the rules that hold for every team. */
export function addOrganisation(program: Command, runtime: Runtime): void {
  const organisation = group(
    program,
    'organisation',
    'Rules for every team: terms that no prompt may contain, questions that every image is asked. show, apply.',
    [
      'organisation show > organisation.yaml',
      'organisation apply organisation.yaml --dry-run',
      'organisation apply organisation.yaml',
    ],
  );
  define(organisation, runtime, {
    usage: 'show',
    isDefault: true,
    summary: 'Shows the rules, in the form that `apply` reads.',
    run: async ({ services, call, out }) => {
      const { organisation: rules } = await services.organisation.getOrganisation({}, call);
      if (rules === undefined) return 1;
      if (rules.revision === 0n) out.note('The organisation has no rules: nobody wrote any.');
      out.message(OrganisationSchema, rules, [asFile(rules)]);
      return 0;
    },
  });
  define<{ dryRun?: boolean }>(organisation, runtime, {
    usage: 'apply <file>',
    summary:
      'Brings the rules to what a file says, which is the whole of them. They hold for every generation that is begun from then on. Needs the scope platform-admin.',
    options: (command) => command.option('--dry-run', 'show what would change, and change nothing'),
    examples: ['organisation apply organisation.yaml --dry-run'],
    run: async (session, [file = ''], { dryRun = false }) => {
      const { out } = session;
      const step = await planOrganisation(session, await readOrganisation(file));
      if (!dryRun) await step.run();
      if (out.json) out.result({ dryRun, ...stepJson(step) }, []);
      else out.lines([...(dryRun ? ['This would be done:'] : []), ...stepLines([step], dryRun, out.style)]);
      return 0;
    },
  });
}

/** The rules as their file would say them. */
function asFile({ forbiddenTerms, questions }: Organisation): string {
  return stringify(
    toJson(OrganisationSchema, create(OrganisationSchema, { forbiddenTerms, questions })),
  ).trimEnd();
}
