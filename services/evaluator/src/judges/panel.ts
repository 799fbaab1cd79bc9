import { ConfigError, type Instance } from '@atelier/config';
import type { Logger } from '@atelier/observability';
import { builtinJudge } from './builtin/builtin-judge.ts';
import type { Judge } from './judge.ts';

/** What judges are made with. */
export interface PanelOptions {
  /** Instances, in the order in which they are asked. */
  readonly names: readonly string[];
  /** What `JUDGE_<INSTANCE>_*` says of them. */
  readonly instances: ReadonlyMap<string, Instance>;
  readonly workers: number;
  readonly log: Logger;
}

/** Makes the judges that are configured. A type that is not offered is a fault of the configuration. */
export function createPanel({ names, instances, workers, log }: PanelOptions): readonly Judge[] {
  const problems = names.flatMap((name) => {
    // The type defaults to the name of the instance.
    const type = instances.get(name)?.type ?? name;
    const message = `${name} is of type ${type}; the only type that is offered yet is builtin`;
    return type === 'builtin' ? [] : [{ variable: 'EVALUATOR_JUDGES', message }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return names.map((instance) => builtinJudge({ instance, workers, log }));
}
