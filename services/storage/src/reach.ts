/**
 * What a call may see. Every read and every list goes through this, so that teams are kept apart in one place.
 */
export interface Reach {
  /** The only team, `teams/{id}`; undefined for all. */
  readonly team: string | undefined;
  /** The only project, `projects/{id}`; undefined for all. */
  readonly project: string | undefined;
}

/** Something that belongs to a team, and perhaps to a project of it. */
export interface Owned {
  readonly team: string;
  readonly project: string;
}

/** Whether something is within reach. */
export function reaches(reach: Reach, owned: Owned): boolean {
  return (
    (reach.team === undefined || reach.team === owned.team) &&
    (reach.project === undefined || reach.project === owned.project)
  );
}
