import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { FieldViolation } from '@atelier/rpc';

/** How the ids of the organisation's questions begin, and those of no others. */
export const ORGANISATION_PREFIX = 'org-';

/**
 * Where questions of a team take the organisation's ids, or depend on its questions: they would break when it changes
 * them. `path` is where the list is.
 */
export function reservedIds(questions: readonly Question[], path: string): FieldViolation[] {
  const isReserved = (id: string) => id.startsWith(ORGANISATION_PREFIX);
  return questions.flatMap(({ id, dependsOn }, index) => [
    ...(isReserved(id)
      ? [
          {
            field: `${path}[${index}].id`,
            description: `${id} is an id of the organisation's: its own begin with ${ORGANISATION_PREFIX}, and no others`,
          },
        ]
      : []),
    ...dependsOn.flatMap((parent, number) =>
      isReserved(parent)
        ? [
            {
              field: `${path}[${index}].depends_on[${number}]`,
              description: `${parent} is the organisation's: only its own questions may depend on it`,
            },
          ]
        : [],
    ),
  ]);
}
