import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { ReviewService } from '@atelier/protos/atelier/gateway/v1/review_service_pb.ts';
import { type Handlers, requirePrincipal } from '@atelier/rpc';
import { mayUseProject } from '../../identity/team-access.ts';
import { missing } from '../../resources/not-found.ts';
import { decodeQueueToken, encodeQueueToken, queueGroups } from '../../reviews/queue-page.ts';
import type { ReviewDeps } from './deps.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists generations that wait for a person: those that need one first, and the oldest first. */
export function listReviewQueue({ records }: ReviewDeps): Handlers<typeof ReviewService>['listReviewQueue'] {
  return async (request, context) => {
    const principal = requirePrincipal(context);
    const project = request.project === '' ? (principal.project ?? '') : request.project;
    if (!mayUseProject(principal, project)) throw missing(project);
    const groups = queueGroups(request.outcomes);
    const filters = ['review-queue', principal.team, project, groups];
    const size = request.pageSize === 0 ? DEFAULT_PAGE_SIZE : request.pageSize;
    const generations: Generation[] = [];
    let { group, token } = decodeQueueToken(request.pageToken, filters);
    let asOf: Awaited<ReturnType<typeof records.listGenerationRecords>>['asOf'];
    while (group < groups.length && generations.length < size) {
      const page = await records.listGenerationRecords(
        {
          pageSize: size - generations.length,
          pageToken: token,
          project,
          outcomes: [...(groups[group] ?? [])],
          unreviewed: true,
          oldestFirst: true,
        },
        context,
      );
      generations.push(...page.generations);
      asOf ??= page.asOf;
      token = page.nextPageToken;
      if (token === '') group += 1;
    }
    const isEnd = group >= groups.length;
    return {
      generations,
      nextPageToken: isEnd ? '' : encodeQueueToken({ group, token }, filters),
      ...(asOf !== undefined && { asOf }),
    };
  };
}
