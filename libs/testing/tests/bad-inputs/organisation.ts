import { type Row, sharp } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';

const rules =
  (fields: object): Row[2] =>
  ({ services }) =>
    services.organisation.updateOrganisation({ organisation: fields });
const ours = { ...sharp, id: 'org-sharp' };

/** What OrganisationService refuses. */
export const badRules: readonly Row[] = [
  [
    'UpdateOrganisation without one',
    `${INVALID} organisation`,
    ({ services }) => services.organisation.updateOrganisation({}),
  ],
  [
    'UpdateOrganisation with a stale etag',
    'ABORTED ETAG_MISMATCH',
    rules({ forbiddenTerms: ['acme'], etag: '"0-stale"' }),
  ],
  [
    'UpdateOrganisation with terms that are blank and given twice',
    `${INVALID} organisation.forbidden_terms[1] organisation.forbidden_terms[2]`,
    rules({ forbiddenTerms: ['acme', '\t', 'Acme '] }),
  ],
  [
    'UpdateOrganisation with a term of 129 characters',
    `${INVALID} organisation.forbidden_terms[0]`,
    rules({ forbiddenTerms: ['x'.repeat(129)] }),
  ],
  [
    'UpdateOrganisation with 513 terms',
    `${INVALID} organisation.forbidden_terms`,
    rules({ forbiddenTerms: Array.from({ length: 513 }, (_, index) => `term ${index}`) }),
  ],
  [
    'UpdateOrganisation with 33 questions',
    `${INVALID} organisation.questions`,
    rules({ questions: Array.from({ length: 33 }, (_, index) => ({ ...sharp, id: `org-${index}` })) }),
  ],
  [
    "UpdateOrganisation with a team's id",
    `${INVALID} organisation.questions[1].id`,
    rules({ questions: [ours, sharp] }),
  ],
  [
    'UpdateOrganisation with an id twice',
    `${INVALID} organisation.questions[1].id`,
    rules({ questions: [ours, ours] }),
  ],
  [
    'UpdateOrganisation with a check that is not',
    `${INVALID} organisation.questions[0].check.kind`,
    rules({ questions: [{ ...ours, check: { kind: 'beauty' } }] }),
  ],
  [
    'UpdateOrganisation with a parent that is not',
    `${INVALID} organisation.questions[0].depends_on[0]`,
    rules({ questions: [{ ...ours, dependsOn: ['sharp'] }] }),
  ],
  [
    'UpdateOrganisation in a circle',
    'INVALID_ARGUMENT CYCLIC_DEPENDENCY organisation.questions[0].depends_on',
    rules({
      questions: [
        { ...ours, dependsOn: ['org-b'] },
        { ...ours, id: 'org-b', dependsOn: ['org-sharp'] },
      ],
    }),
  ],
  [
    'UpdateOrganisation that does not parse',
    'INVALID_ARGUMENT TEMPLATE_INVALID organisation.questions[0].text',
    rules({ questions: [{ ...ours, text: 'Is it {{ item ?' }] }),
  ],
  [
    'UpdateOrganisation over variables of a brief',
    'INVALID_ARGUMENT VARIABLE_INVALID organisation.questions[1] organisation.questions[2]',
    rules({
      questions: [
        ours,
        { ...ours, id: 'org-item', text: 'Is it {{ item }}?', dependsOn: ['org-sharp'] },
        { ...ours, id: 'org-size', check: { kind: 'minimum_size', parameters: { width: '{{ width }}' } } },
      ],
    }),
  ],
  [
    'UpdateOrganisation with a parameter that renders to nonsense',
    'INVALID_ARGUMENT VARIABLE_INVALID organisation.questions[0].check.parameters.width',
    rules({
      questions: [{ ...ours, check: { kind: 'minimum_size', parameters: { width: "{{ 'wide' }}" } } }],
    }),
  ],
];
