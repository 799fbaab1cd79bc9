import type { Principal } from '@atelier/rpc';

/** Who asked for a generation: kept in the journal, so that the work can go on in that name. */
export type CallerIdentity = Pick<Principal, 'team' | 'project' | 'keyId' | 'subject' | 'scopes'>;
