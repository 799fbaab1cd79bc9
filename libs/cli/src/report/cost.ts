import type { Generation, Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { controlRounds, cycleRounds } from '../generation/arms.ts';
import { type CostParts, generationParts, roundParts, usageCost } from '../generation/costs.ts';
import { formatCost, plural } from '../output/format.ts';
import type { Html, Part } from './html.ts';
import { dataTable } from './parts.ts';

/** What each round cost, by what it was for, and the whole as the record has it. Unknown is told, and never zero. */
export function costTable(generation: Generation): Html {
  const { heldOut } = generation;
  const rows: Part[][] = [
    ...cycleRounds(generation).map((round) => roundRow(`Round ${round.number}`, round)),
    ...controlRounds(generation).map((round) => roundRow(`Control arm, round ${round.number}`, round)),
    ...(heldOut === undefined || heldOut.usage.length === 0
      ? []
      : [
          [
            'Held-out judge',
            '',
            '',
            formatCost(usageCost(heldOut.usage)),
            formatCost(usageCost(heldOut.usage)),
          ],
        ]),
    ['In all', ...partCells(generationParts(generation)), formatCost(generation.cost)],
  ];
  return dataTable('What it cost, in US dollars', ['', 'Images', 'Prompts', 'Judging', 'In all'], rows, {
    numbersFrom: 1,
    lastIsTotal: true,
  });
}

function roundRow(title: string, round: Round): Part[] {
  const images = round.candidates.filter(({ image }) => image !== undefined).length;
  return [`${title} (${plural(images, 'image')})`, ...partCells(roundParts(round)), formatCost(round.cost)];
}

/** Where a record has only the sum, the parts stay empty: that is not zero. */
function partCells(parts: CostParts | undefined): string[] {
  if (parts === undefined) return ['not told', 'not told', 'not told'];
  return [parts.image, parts.prompt, parts.judging].map(formatCost);
}
