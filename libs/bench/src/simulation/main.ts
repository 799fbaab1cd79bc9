// `npm run simulate`: what gate and refinement do in a world where everything is known.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type GainReport, type GateReport, holds, measureGain, measureGate } from './experiments.ts';
import { gainTable, gateTable } from './tables.ts';
import { helpful, useless, yesSayer } from './worlds.ts';

const HELP = `usage: npm run simulate -- [options]

Plays cycles of the gateway's state machine and the evaluator's panel against a generator of known quality q and a judge of
known true positive rate t and true negative rate s, for each of four required questions. Prints

  the gate      shares approved and really good among these, beside what they must be: an image passes with probability
                a = product of q t + (1 - q)(1 - s); the best of N is approved with 1 - (1 - a)^N; an approved image is good
                with the product of q t / (q t + (1 - q)(1 - s))
  refinement    approved with refinement and by the control arm, which has the same rules and a writer that changes nothing,
                with the paired difference and its 95 % interval

Exits 1 where a share misses what was computed, a result is worse than the best of round 0, or an approval is not borne out.

  --cycles N     cycles of each experiment; default 2000
  --seed N       first seed; default 1
  --json FILE    also write the reports
  --help         this text
`;

try {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [cycles, seed] = [wholeNumber('--cycles', values.cycles, 2), wholeNumber('--seed', values.seed, 0)];
  if (values.help === true) process.stdout.write(HELP);
  else await main(cycles, seed, values.json);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 2;
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} ${text}: it wants a whole number from ${least}`);
  return value;
}

async function main(cycles: number, seed: number, json: string | undefined): Promise<void> {
  const gates: Record<string, GateReport> = {};
  for (const images of [1, 2, 4]) {
    gates[`known rates, best of ${images}`] = await measureGate(helpful, images, cycles, seed);
  }
  gates['a judge that says yes to all'] = await measureGate(yesSayer, 1, cycles, seed);
  const gains: Record<string, GainReport> = {};
  for (const [name, world] of Object.entries({
    'rewriting helps': helpful,
    'rewriting has no effect': useless,
  })) {
    for (const candidatesPerRound of [1, 2]) {
      const rules = { candidatesPerRound, maxRounds: 4, plateauRounds: 3 };
      gains[`${name}, ${candidatesPerRound} a round`] = await measureGain(world, rules, cycles, seed);
    }
  }
  process.stdout.write(`${gateTable(gates)}\n\n${gainTable(gains)}\n`);
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ cycles, seed, gates, gains }, null, 2)}\n`);
  const isAsComputed = Object.values(gates).every(
    ({ approved, approvedComputed, good, goodComputed }) =>
      holds(approved, approvedComputed) && holds(good, goodComputed),
  );
  const isKept = Object.values(gains).every(
    ({ worseThanFirst, unjustified }) => worseThanFirst === 0 && unjustified === 0,
  );
  if (!isAsComputed || !isKept) process.exitCode = 1;
}
