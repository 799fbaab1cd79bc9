import {
  type Generation,
  GenerationSchema,
  GenerationState,
  Outcome,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type ListGenerationsRequest,
  type ListGenerationsResponse,
  ListGenerationsResponseSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { ListGenerationRecordsRequestSchema } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { type CallContext, requirePrincipal } from '@atelier/rpc';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { EngineClients } from './ports.ts';
import { calling } from './rebase-error.ts';
import { generationNotFound } from './visibility.ts';

/**
 * Lists generations from the records. Those that run here are shown in their live state: the records know only that they
 * were accepted, so that a filter on a live state may leave a page short.
 */
export async function listGenerations(
  clients: Pick<EngineClients, 'records'>,
  live: (name: string) => Generation | undefined,
  request: ListGenerationsRequest,
  ctx: CallContext,
): Promise<ListGenerationsResponse> {
  const bound = requirePrincipal(ctx).project ?? '';
  if (bound !== '' && request.project !== '' && request.project !== bound)
    throw generationNotFound(request.project);
  const isLive = request.state !== GenerationState.UNSPECIFIED && request.state !== GenerationState.ENDED;
  const query: MessageInitShape<typeof ListGenerationRecordsRequestSchema> = {
    pageSize: request.pageSize,
    pageToken: request.pageToken,
    project: bound || request.project,
    subjectId: request.subjectId,
    labels: request.labels,
    model: request.model,
    outcomes: request.outcome === Outcome.UNSPECIFIED ? [] : [request.outcome],
    state: isLive ? GenerationState.PENDING : request.state,
    review: request.review,
    ...(request.startTime !== undefined && { startTime: request.startTime }),
    ...(request.endTime !== undefined && { endTime: request.endTime }),
  };
  const page = await calling('storage', clients.records.listGenerationRecords(query, ctx));
  const generations = page.generations.map((generation) => overlay(generation, live(generation.name)));
  return create(ListGenerationsResponseSchema, {
    generations: isLive ? generations.filter(({ state }) => state === request.state) : generations,
    nextPageToken: page.nextPageToken,
    ...(page.asOf !== undefined && { asOf: page.asOf }),
  });
}

function overlay(recorded: Generation, live: Generation | undefined): Generation {
  return live === undefined ? recorded : create(GenerationSchema, { ...live, rounds: [] });
}
