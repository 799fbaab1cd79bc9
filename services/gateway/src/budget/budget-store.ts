import { type Collection, type DocumentClient, typedCollection } from '@atelier/documents';
import { type Budget, BudgetSchema } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import type { CallOptions } from '@atelier/rpc';
import { ResourceStore } from '../resources/resource-store.ts';

/** Budgets as they were set; what is spent is in the book. */
export class BudgetStore extends ResourceStore<Budget> {
  constructor(client: DocumentClient) {
    const collection: Collection<Budget> = typedCollection({
      client,
      collection: 'budgets',
      schema: BudgetSchema,
    });
    super('budgets', collection);
  }

  /** All budgets of a team. */
  async ofTeam(team: string, call?: CallOptions): Promise<readonly Budget[]> {
    const budgets: Budget[] = [];
    for await (const stored of this.collection.all({ team, pageSize: 500 }, call)) {
      budgets.push(this.stamp(stored));
    }
    return budgets;
  }
}
