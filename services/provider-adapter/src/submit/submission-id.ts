import { createHash } from 'node:crypto';

/** Names a submission in the journal: keys are unique within a team, and may hold what no file name can. */
export function submissionId(team: string, key: string): string {
  return createHash('sha256').update(`${team}\n${key}`).digest('hex');
}
