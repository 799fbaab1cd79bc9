import { CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Judge } from '../../../../services/evaluator/src/judges/judge.ts';
import { saysYes, type World } from './world.ts';

/** p(yes) of a judge that says yes, or no. Sure enough that only its verdict counts. */
const P = { yes: 0.9, no: 0.1 } as const;

/**
 * A judge of known rates at the port of the evaluator. The image that it is shown is a name, from which the truth about it
 * is had; everything above the port is the evaluator's own.
 */
export function scriptedJudge(world: World, truth: (image: string) => ReadonlyMap<string, boolean>): Judge {
  return {
    instance: 'scripted',
    type: 'scripted',
    version: '1',
    model: '',
    asks: 0,
    isPriced: true,
    capabilities: { checks: [], vision: true, logProbabilities: true },
    async answer({ image, questions }) {
      const name = image.bytes.toString();
      return questions.map(({ id }) => {
        const question = world.questions.find((each) => each.id === id);
        if (question === undefined) return { kind: 'error' as const, critique: `There is no ${id}.` };
        const isYes = saysYes(question, truth(name).get(id) === true, name);
        return {
          kind: 'answered' as const,
          pYes: isYes ? P.yes : P.no,
          source: ProbabilitySource.LOG_PROBABILITIES,
          asks: 1,
          critique: isYes ? '' : `Show ${id}.`,
          finding: isYes ? `${id} is there.` : `${id} is not there.`,
          measured: {},
        };
      });
    },
    estimate: () => create(CostSchema, { microUsd: 0n }),
    async [Symbol.asyncDispose]() {},
  };
}
