import { type Collection, type DocumentClient, etagOf, typedCollection } from '@atelier/documents';
import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { type CallOptions, Code, isRpcError } from '@atelier/rpc';
import { create, equals } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { checkEtag } from '../resources/etag.ts';

/** What errors call the rules. */
const NAME = 'organisation';

/** Id of the only document. */
const ID = 'rules';

/** The document belongs to the platform, and to no team. */
const OWNER = '';

/**
 * The organisation's rules. They are read afresh for everybody who asks, so that whatever is accepted after a change is
 * accepted under it, whichever gateway took the change.
 */
export class OrganisationStore {
  readonly #rules: Collection<Organisation>;

  constructor(client: DocumentClient) {
    this.#rules = typedCollection({ client, collection: 'organisation', schema: OrganisationSchema });
  }

  /** The rules as they are now; revision 0, and none, while nobody wrote any. */
  async get(call?: CallOptions): Promise<Organisation> {
    const stored = await this.#rules.get(ID, call);
    return stamped(stored?.value ?? create(OrganisationSchema), stored?.revision ?? 0n);
  }

  /** What `replace` would come to, with revision and etag of the rules that hold. Errors as there. */
  async preview(rules: Organisation, call?: CallOptions): Promise<Organisation> {
    const current = await this.get(call);
    if (!isSame(rules, current)) checkEtag(rules.etag, NAME, current.revision);
    return { ...current, forbiddenTerms: rules.forbiddenTerms, questions: rules.questions };
  }

  /**
   * Replaces the rules if the etag is empty or the current one, else ABORTED (ETAG_MISMATCH). Rules that are the same
   * already make no new revision, whatever the etag: a repeat of a change whose answer was lost arrives so.
   */
  async replace(rules: Organisation, now: Date, call?: CallOptions): Promise<Organisation> {
    for (;;) {
      const current = await this.get(call);
      if (isSame(rules, current)) return current;
      checkEtag(rules.etag, NAME, current.revision);
      const changed = { ...rules, revision: 0n, etag: '', updateTime: timestampFromDate(now) };
      try {
        const condition = { expectedRevision: current.revision };
        const stored = await this.#rules.put(ID, OWNER, changed, condition, call);
        return stamped(stored.value, stored.revision);
      } catch (error) {
        // Somebody came in between. With an etag that is the caller's to know; without one it begins again.
        if (!isRpcError(error, Code.ABORTED) || rules.etag !== '') throw error;
      }
    }
  }
}

/** Revision and etag follow from the document. */
function stamped(rules: Organisation, revision: bigint): Organisation {
  return { ...rules, revision, etag: etagOf(NAME, revision) };
}

/** Whether both say the same, whatever the platform writes beside it. */
function isSame(a: Organisation, b: Organisation): boolean {
  const settings = ({ forbiddenTerms, questions }: Organisation) =>
    create(OrganisationSchema, { forbiddenTerms, questions });
  return equals(OrganisationSchema, settings(a), settings(b));
}
