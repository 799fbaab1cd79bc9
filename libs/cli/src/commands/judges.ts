import { type Judge, JudgeSchema } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Command } from 'commander';
import { plural } from '../output/format.ts';
import { table } from '../output/table.ts';
import { define, type Runtime } from './define.ts';

const HEADINGS = ['judge', 'type', 'model', 'configured', 'p comes from', 'priced', 'version', 'checks'];

/** `atelier judges`: who answers the questions. */
export function addJudges(program: Command, runtime: Runtime): void {
  define(program, runtime, {
    usage: 'judges',
    summary:
      'Lists the judges that are configured, in the order in which they are asked: what each can do, where its p comes from, and whether the price of its answers is known.',
    run: async ({ services, call, out }) => {
      const { judges } = await services.evaluation.listJudges({}, call);
      const rows = judges.map((judge) => [
        judge.instance,
        judge.type,
        judge.model,
        judge.configured ? 'yes' : 'no',
        sourceOfP(judge),
        judge.vision ? (judge.priced ? 'yes' : 'no') : '',
        judge.version,
        judge.checks.join(', '),
      ]);
      out.messages(JudgeSchema, judges, table(HEADINGS, rows));
      return 0;
    },
  });
}

/** Where a judge's probabilities come from: what it measures, log-probabilities of its answers, or asking several times. */
function sourceOfP({ vision, logProbabilities, asks, checks }: Judge): string {
  const sources = [
    checks.length > 0 ? 'measuring' : '',
    vision && logProbabilities ? 'log-probabilities' : '',
    vision && !logProbabilities ? (asks > 0 ? plural(asks, 'ask') : 'asks') : '',
  ];
  return sources.filter(Boolean).join(', ');
}
