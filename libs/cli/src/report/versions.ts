import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { formatTime } from '../output/format.ts';
import type { Part } from './html.ts';
import { facts } from './parts.ts';

/** Every version that took part. */
export function versionsPart({ versions, name, team, revision, createTime, endTime }: Generation): Part {
  if (versions === undefined) return undefined;
  const { projectRevision, organisationRevision, templateVersion, rubricVersion, platform } = versions;
  return facts([
    ['Generation', name],
    ['Team', team],
    ['Accepted', formatTime(createTime)],
    ['Ended', formatTime(endTime)],
    ['Project', `revision ${projectRevision}`],
    ['Organisation', organisationRevision === 0n ? '' : `revision ${organisationRevision}`],
    ['Template', templateVersion],
    ['Rubric', rubricVersion],
    ['Models', versions.models.join(', ')],
    ['Writers', versions.writers.join(', ')],
    ['Judges', versions.judges.join(', ')],
    ['Prices', versions.prices.join(', ')],
    ['Platform', platform],
    ['Record', `revision ${revision}`],
  ]);
}
