import { type Usage, UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { packDetail } from '@atelier/rpc';

/** What was used before a call failed, as a detail of its error; none where nothing was. */
export function usageDetails(usage: readonly Usage[]): ReturnType<typeof packDetail>[] {
  return usage.length === 0 ? [] : [packDetail(UsageReportSchema, { usage: [...usage] })];
}
