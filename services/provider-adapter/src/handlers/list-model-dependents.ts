import { decodePageToken, encodePageToken } from '@atelier/documents';
import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { hasScope, requirePrincipal } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { dependentKey, findDependents } from '../catalog/dependents.ts';
import { findModel } from '../catalog/usable.ts';
import type { Method } from './method.ts';

const DEFAULT_PAGE_SIZE = 100;

/**
 * Names what depends on a model: for whoever administers the platform all of it, for others the
 * platform's and what is their own team's.
 */
export const listModelDependents: Method<typeof CatalogService.method.listModelDependents> =
  ({ catalog, projects, now }) =>
  async ({ name, pageSize, pageToken }, call) => {
    const principal = requirePrincipal(call);
    const after = decodePageToken(pageToken, [name])?.key ?? '';
    const model = findModel(catalog, name);
    const team = hasScope(principal, 'platform-admin') ? undefined : principal.team;
    const asOf = now();
    const found = await findDependents(catalog, projects, model, team, call);
    const left = found.filter((dependent) => dependentKey(dependent) > after);
    const dependents = left.slice(0, pageSize === 0 ? DEFAULT_PAGE_SIZE : pageSize);
    const last = dependents.at(-1);
    const isEnd = last === undefined || dependents.length === left.length;
    return {
      dependents: dependents.map((dependent) => ({ ...dependent })),
      nextPageToken: isEnd ? '' : encodePageToken({ key: dependentKey(last) }, [name]),
      asOf: timestampFromDate(asOf),
    };
  };
