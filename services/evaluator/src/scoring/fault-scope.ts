import { FaultScope, type Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';

/** Categories whose faults concern a part of the picture. The contract names them; the American spelling is the same word. */
const LOCAL: ReadonlySet<string> = new Set(['text', 'colour', 'color', 'attribute', 'detail', 'object']);

/** How much of the picture a failure of the question concerns: as it says, else by its category. */
export function faultScopeOf({ faultScope, category }: Question): FaultScope {
  if (faultScope !== FaultScope.UNSPECIFIED) return faultScope;
  return LOCAL.has(category.trim().toLowerCase()) ? FaultScope.LOCAL : FaultScope.GLOBAL;
}
