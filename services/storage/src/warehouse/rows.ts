import { CostBasis, type UsageEvent, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type AuditEvent, AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import {
  type Candidate,
  type Generation,
  GenerationSchema,
  GenerationState,
  LadderStep,
  Outcome,
  type Review,
  ReviewDecision,
  ReviewSchema,
  type Round,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Image, ImageOrigin, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { create, toJsonString } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Segment } from '../records/record-kinds.ts';
import type { TableName } from './tables.ts';

/** Values by column. Integers beyond 53 bits and times are text. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows by table. */
export type Rows = Readonly<Record<TableName, readonly Row[]>>;

/** The rows of some segments. Several revisions of one thing may be among them. */
export function rowsOf(segments: readonly Segment[]): Rows {
  const rows: Record<TableName, Row[]> = {
    images: [],
    generations: [],
    rounds: [],
    answers: [],
    usage: [],
    reviews: [],
    audit: [],
  };
  for (const segment of segments) {
    switch (segment.kind) {
      case 'images':
        rows.images.push(...segment.records.map((image) => imageRow(image, segment.revision)));
        break;
      case 'generations':
        rows.generations.push(...segment.records.map(generationRow));
        rows.rounds.push(...segment.records.flatMap(roundRows));
        rows.answers.push(...segment.records.flatMap(answerRows));
        break;
      case 'usage':
        rows.usage.push(...segment.records.map(usageRow));
        break;
      case 'reviews':
        rows.reviews.push(...segment.records.map(reviewRow));
        break;
      case 'audit':
        rows.audit.push(...segment.records.map(auditRow));
        break;
    }
  }
  return rows;
}

function imageRow(image: Image, revision: number): Row {
  return {
    id: image.ref?.name ?? '',
    team: image.team,
    project: image.project,
    generation: image.generation,
    subject_id: image.subjectId,
    labels: image.labels,
    origin: nameOf(ImageOrigin, image.origin),
    model: image.model,
    prompt: image.prompt,
    seed: text(image.seed),
    round: image.round,
    candidate_key: image.candidateKey,
    uri: image.ref?.uri ?? '',
    stable_url: image.stableUrl,
    sha256: image.ref?.sha256 ?? '',
    received_sha256: image.receivedSha256,
    perceptual_hash: image.perceptualHash === '' ? null : String(BigInt(`0x${image.perceptualHash}`)),
    media_type: image.ref?.mediaType ?? '',
    size_bytes: text(image.ref?.sizeBytes ?? 0n),
    width: image.ref?.width ?? 0,
    height: image.ref?.height ?? 0,
    create_time: time(image.createTime),
    delete_time: time(image.deleteTime),
    revision,
    record: toJsonString(ImageSchema, image),
  };
}

function generationRow(generation: Generation): Row {
  const { request, results, versions, cost } = generation;
  return {
    id: generation.name,
    ...owner(generation),
    subject_id: request?.subjectId ?? '',
    labels: request?.labels ?? {},
    task: nameOf(Task, request?.task ?? 0),
    model: generation.model,
    template_version: versions?.templateVersion ?? '',
    rubric_version: versions?.rubricVersion ?? '',
    state: nameOf(GenerationState, generation.state),
    outcome: nameOf(Outcome, generation.outcome),
    stop_reason: nameOf(StopReason, generation.stopReason),
    rounds: generation.rounds.length,
    results: results.length,
    approved_results: results.filter((result) => result.approved).length,
    first_image: results[0]?.image?.name ?? '',
    micro_usd: text(cost?.microUsd),
    cost_incomplete: cost?.incomplete ?? false,
    create_time: time(generation.createTime),
    start_time: time(generation.startTime),
    end_time: time(generation.endTime),
    revision: text(generation.revision),
    record: toJsonString(GenerationSchema, create(GenerationSchema, withoutRounds(generation))),
  };
}

/** Lists show generations without rounds, and with the review of the day, not the one that was kept along. */
function withoutRounds(generation: Generation) {
  const { $typeName: _, $unknown: __, rounds: ___, review: ____, ...rest } = generation;
  return rest;
}

function roundRows(generation: Generation): Row[] {
  return generation.rounds.map((round) => ({
    generation: generation.name,
    round: round.number,
    ...owner(generation),
    model: round.model,
    step: nameOf(LadderStep, round.step),
    accepted: round.accepted,
    prompt: round.prompt?.text ?? '',
    candidates: round.candidates.length,
    micro_usd: text(round.cost?.microUsd),
    start_time: time(round.startTime),
    end_time: time(round.endTime),
    revision: text(generation.revision),
  }));
}

function answerRows(generation: Generation): Row[] {
  return generation.rounds.flatMap((round) =>
    round.candidates.flatMap((candidate) => candidateAnswers(generation, round, candidate)),
  );
}

function candidateAnswers(generation: Generation, round: Round, candidate: Candidate): Row[] {
  return candidate.answers.map((answer) => ({
    generation: generation.name,
    round: round.number,
    candidate: candidate.index,
    question_id: answer.questionId,
    ...owner(generation),
    image: candidate.image?.name ?? '',
    text: answer.text,
    category: answer.category,
    required: answer.required,
    p_yes: answer.pYes ?? null,
    p_expected: answer.pExpected ?? null,
    pass_threshold: answer.passThreshold,
    verdict: nameOf(Verdict, answer.verdict),
    critique: answer.critique,
    judges: answer.judgeAnswers.map((one) => ({
      judge: one.judge,
      p_yes: one.pYes ?? null,
      verdict: nameOf(Verdict, one.verdict),
    })),
    revision: text(generation.revision),
  }));
}

function usageRow(event: UsageEvent): Row {
  const { usage } = event;
  return {
    id: event.id,
    team: event.team,
    project: event.project,
    generation: event.generation,
    subject_id: event.subjectId,
    key_id: event.keyId,
    kind: nameOf(UsageKind, usage?.kind ?? 0),
    model: usage?.model ?? '',
    units: usage?.units ?? 0,
    unit: usage?.unit ?? '',
    unit_price_micro_usd: usage?.unitPriceMicroUsd ?? null,
    price_version: usage?.priceVersion ?? '',
    micro_usd: text(usage?.cost?.microUsd),
    basis: nameOf(CostBasis, usage?.cost?.basis ?? 0),
    incomplete: usage?.cost?.incomplete ?? false,
    event_time: time(event.eventTime),
  };
}

function reviewRow(review: Review): Row {
  return {
    id: review.id,
    team: review.team,
    project: review.project,
    image: review.image,
    generation: review.generation,
    decision: nameOf(ReviewDecision, review.decision),
    reasons: review.reasons,
    comment: review.comment,
    reviewer: review.reviewer,
    question_labels: review.questionLabels,
    create_time: time(review.createTime),
    record: toJsonString(ReviewSchema, review),
  };
}

function auditRow(event: AuditEvent): Row {
  return {
    id: event.id,
    team: event.team,
    actor: event.actor,
    method: event.method,
    resource: event.resource,
    code: event.code,
    request_id: event.requestId,
    event_time: time(event.eventTime),
    record: toJsonString(AuditEventSchema, event),
  };
}

function owner(generation: Generation): { readonly team: string; readonly project: string } {
  return { team: generation.team, project: generation.request?.project ?? '' };
}

/** The name of an enum's value; a number that this version does not know stands for itself. */
export function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}

function text(value: bigint | undefined): string | null {
  return value === undefined ? null : String(value);
}

/** In microseconds, which is all that the tables keep. */
function time(value: Timestamp | undefined): string | null {
  if (value === undefined) return null;
  const micros = String(Math.floor(value.nanos / 1_000)).padStart(6, '0');
  const seconds = new Date(Number(value.seconds) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${micros}`;
}
