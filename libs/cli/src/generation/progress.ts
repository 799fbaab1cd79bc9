import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Generation, GenerationEvent } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { formatCost, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { labelled, plain } from '../output/text.ts';
import { candidateLines, promptLines, roundTitle, verdictLines } from './round-lines.ts';

/** What the printer asks the platform for: what a round has cost, where that is known. */
export type RoundCost = (generation: string, round: number) => Promise<Cost | undefined>;

/** Prints a generation as it happens, round by round. */
export class ProgressPrinter {
  readonly #out: Output;
  readonly #roundCost: RoundCost;
  #round = -1;
  #candidates = 1;
  #waits = false;

  constructor(out: Output, roundCost: RoundCost) {
    this.#out = out;
    this.#roundCost = roundCost;
  }

  async print({ event, generation }: GenerationEvent): Promise<void> {
    const out = this.#out;
    switch (event.case) {
      case 'accepted':
        out.lines(acceptedLine(event.value.generation, generation));
        return;
      case 'roundStarted':
        await this.#endRound(generation);
        this.#round = event.value.round;
        this.#candidates = event.value.candidates;
        this.#waits = true;
        out.lines(['', roundTitle({ ...event.value, number: event.value.round }, out.style)]);
        return;
      case 'promptReady':
        out.lines(promptLines(event.value.prompt, event.value.receipt, out.width));
        return;
      case 'candidateReady':
        if (event.value.candidate === undefined) return;
        out.lines([
          ...this.#number(event.value.candidate.index),
          ...candidateLines(event.value.candidate, out.width),
        ]);
        return;
      case 'candidateJudged':
        if (event.value.candidate === undefined) return;
        out.lines([
          ...this.#number(event.value.candidate.index),
          ...verdictLines(event.value.candidate, out.style, out.width),
        ]);
        return;
      case 'promptRefined':
        await this.#endRound(generation);
        out.lines(labelled('refine', plain(event.value.rationale), out.width));
        return;
      case 'progress': {
        const { round, phase, fraction, message } = event.value;
        const share = fraction === undefined ? '' : ` ${Math.round(fraction * 100)} %`;
        if (phase === 'paused') out.note(`Paused: ${plain(message)}`);
        else out.status(`round ${round}: ${phase}${share} ${plain(message)}`);
        return;
      }
      case 'finished': {
        const last = event.value.generation?.rounds.at(-1);
        if (this.#waits && last !== undefined) out.lines(costLine(last.cost, out));
        out.lines('');
        return;
      }
    }
  }

  /** Several candidates of a round are told apart by number. */
  #number(index: number): string[] {
    return this.#candidates > 1
      ? [this.#out.style.dim(`  candidate ${index + 1} of ${this.#candidates}`)]
      : [];
  }

  async #endRound(generation: string): Promise<void> {
    if (!this.#waits) return;
    this.#waits = false;
    this.#out.lines(costLine(await this.#roundCost(generation, this.#round), this.#out));
  }
}

function costLine(cost: Cost | undefined, out: Output): string[] {
  return cost === undefined ? [] : labelled('cost', formatCost(cost), out.width);
}

function acceptedLine(generation: Generation | undefined, name: string): string {
  const request = generation?.request;
  const policy = generation?.effectivePolicy;
  const parts = [
    generation?.name || name,
    request?.project ?? '',
    request?.subjectId ?? '',
    policy?.maxRounds === undefined ? '' : `up to ${plural(policy.maxRounds, 'round')}`,
  ];
  return parts.filter(Boolean).join(' · ');
}
