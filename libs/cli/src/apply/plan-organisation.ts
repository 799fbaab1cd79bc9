import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { create, type JsonValue, toJson } from '@bufbuild/protobuf';
import { type Difference, differences } from '../files/difference.ts';
import type { Session } from '../session.ts';
import type { Step } from './step.ts';

/**
 * What it takes to bring the organisation's rules to what a file says. The platform checks them first; the change holds
 * only if the rules are then as they were when they were compared.
 */
export async function planOrganisation(
  { services, call }: Pick<Session, 'services' | 'call'>,
  rules: Organisation,
): Promise<Step> {
  const { organisation } = services;
  const current = (await organisation.getOrganisation({}, call)).organisation ?? create(OrganisationSchema);
  const wanted = { ...rules, etag: current.etag };
  const checked = await organisation.updateOrganisation({ organisation: wanted, validateOnly: true }, call);
  const found = ruleDifferences(current, checked.organisation ?? wanted);
  const isNew = current.revision === 0n;
  const changed = isNew ? 'create' : `update revision ${current.revision}`;
  return {
    resource: 'organisation',
    action: found.length === 0 ? 'unchanged' : isNew ? 'create' : 'update',
    summary: found.length === 0 ? `unchanged at revision ${current.revision}` : changed,
    differences: found,
    notes: checked.warnings,
    run: async () => {
      if (found.length > 0) await organisation.updateOrganisation({ organisation: wanted }, call);
    },
  };
}

/** Terms are a set, so that one put in the middle is one difference; questions are told apart by their ids. */
function ruleDifferences(before: Organisation, after: Organisation): Difference[] {
  const questions = (organisation: Organisation) =>
    (toJson(OrganisationSchema, organisation) as { questions?: JsonValue }).questions ?? [];
  return [
    ...beyond(before.forbiddenTerms, after.forbiddenTerms).map((term) => ({
      path: `forbiddenTerms[${term}]`,
      before: term,
      after: undefined,
    })),
    ...beyond(after.forbiddenTerms, before.forbiddenTerms).map((term) => ({
      path: `forbiddenTerms[${term}]`,
      before: undefined,
      after: term,
    })),
    ...differences(questions(before), questions(after), 'questions'),
  ];
}

function beyond(terms: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return terms.filter((term) => !known.has(term));
}
