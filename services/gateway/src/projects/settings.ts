import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import { tidyTerms } from '../organisation/forbidden-terms.ts';
import { reservedIds } from '../organisation/reserved-ids.ts';

/**
 * The project as it is kept, with its terms tidied. Throws INVALID_ARGUMENT naming the terms that are blank or given twice,
 * and what its questions take of the organisation's.
 */
export function checkedSettings(project: Project): Project {
  const { terms, violations } = tidyTerms(project.forbiddenTerms, 'project.forbidden_terms');
  const wrong = [...violations, ...reservedIds(project.questions, 'project.questions')];
  if (wrong.length > 0) throw invalidArgument(wrong);
  return { ...project, forbiddenTerms: terms };
}
