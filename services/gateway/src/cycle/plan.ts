import type { CyclePolicy, GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';

/** The bounds of a cycle, with nothing left open: what the state machine decides by. */
export interface CyclePlan {
  /** Models in the order in which they are used: the asked one, then the fallbacks. None twice. */
  readonly models: readonly string[];
  /** Results that are wanted, 1 to 16. */
  readonly count: number;
  /** Candidates of a round, at least `count`. */
  readonly candidatesPerRound: number;
  /** Rounds, the first included. */
  readonly maxRounds: number;
  /** Rounds without gain on one model after which it goes to the next model, or stops. */
  readonly plateauRounds: number;
  /** Most that may be spent, in millionths of a US dollar. */
  readonly maxCostMicroUsd: bigint | undefined;
  /** From the first step, time in which no gateway ran left out. Milliseconds. */
  readonly maxDurationMs: number;
  /** Whether prompts are refined; otherwise further rounds are other seeds of the first prompt. */
  readonly refine: boolean;
  /** Whether an input that one provider refused may go to another. */
  readonly crossRefusal: boolean;
  /** Who writes the first prompt. */
  readonly writer: 'render' | 'expand';
  /** Seed of candidate (0,0); the others derive from it. */
  readonly seed: number;
  /** Whether there are questions. */
  readonly judged: boolean;
}

/** What is known of a generation from its acceptance on, and goes into its record unchanged. */
export interface GenerationFacts {
  /** `generations/{id}`. */
  readonly name: string;
  readonly team: string;
  readonly request: GenerationRequest;
  readonly policy: CyclePolicy;
  readonly projectRevision: bigint;
  /** Empty where there is none. */
  readonly templateVersion: string;
  /** Empty where there is none. */
  readonly rubricVersion: string;
  readonly platformVersion: string;
  /** Revision of the organisation's rules; absent where there are none. */
  readonly organisationRevision?: bigint | undefined;
  /** Base of stable image addresses; empty for none. */
  readonly publicUrl: string;
  /** What was noticed while the request was checked. */
  readonly warnings: readonly string[];
}

/** Most candidates in a round, by the contract. */
export const MAX_CANDIDATES = 16;

/** The id in `generations/{id}`. */
export function generationId(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** Key under which the adapter journals the submission of a candidate, unique for ever. */
export function candidateKey(name: string, round: number, index: number, attempt: number): string {
  return `${generationId(name)}/${round}/${index}/${attempt}`;
}

/** Id of the reservation for the images of one attempt at a round. */
export function reservationId(name: string, round: number, attempt: number): string {
  return `${generationId(name)}/${round}/${attempt}`;
}
