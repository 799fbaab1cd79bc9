import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
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
  /** A required question that passes by less than this is asked a second time. Absent for no second look. */
  readonly confirmMargin?: number | undefined;
  /** Whether judging an image ends where a required question fails. Absent for no. */
  readonly earlyExit?: boolean | undefined;
  /** Models of the plan that may edit the best image where its faults are local. Absent for none. */
  readonly editModels?: readonly string[] | undefined;
  /** Instance of the judge that answers once it is over; absent for none. */
  readonly heldOutJudge?: string | undefined;
  /** Who is asked then: that judge, and those that measure, since what is measured is the same for everybody. */
  readonly heldOutPanel?: readonly string[] | undefined;
  /** Whether the first prompt is given as many images as the cycle made, once it is over. Absent for no. */
  readonly controlArm?: boolean | undefined;
  /** Upper bound of writing one prompt. Absent where it costs nothing. */
  readonly promptEstimate?: Cost | undefined;
  /** Upper bound of one look of the judges at one image. Absent where it costs nothing. */
  readonly judgeEstimate?: Cost | undefined;
  /** The same of the held-out judge. */
  readonly heldOutEstimate?: Cost | undefined;
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
