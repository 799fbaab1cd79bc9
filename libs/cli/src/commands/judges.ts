import { JudgeSchema } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Command } from 'commander';
import { table } from '../output/table.ts';
import { define, type Runtime } from './define.ts';

/** `atelier judges`: who answers the questions. */
export function addJudges(program: Command, runtime: Runtime): void {
  define(program, runtime, {
    usage: 'judges',
    summary:
      'Lists the judges that are configured, in the order in which they are asked, and what each can do.',
    run: async ({ services, call, out }) => {
      const { judges } = await services.evaluation.listJudges({}, call);
      const rows = judges.map(({ instance, version, type, configured, vision, logProbabilities, checks }) => [
        instance,
        version,
        type,
        configured ? 'yes' : 'no',
        vision ? (logProbabilities ? 'with probabilities' : 'yes') : '',
        checks.join(', '),
      ]);
      out.messages(
        JudgeSchema,
        judges,
        table(['judge', 'version', 'type', 'configured', 'vision', 'checks'], rows),
      );
      return 0;
    },
  });
}
