import { type DescMessage, fromJsonString, type MessageShape } from '@bufbuild/protobuf';
import type { Page, PageRequest } from '../warehouse.ts';
import type { Conditions } from './conditions.ts';
import type { Line, Session } from './session.ts';

/** What is listed, and in which order. */
export interface Listing {
  /** Table or join that has `id`, `record` and the time column. */
  readonly from: string;
  readonly timeColumn: string;
  /** Further columns. */
  readonly columns?: string;
  readonly oldestFirst?: boolean;
}

/** One page of a table by time and id. A line more than asked for is read, to know whether there is a next page. */
export async function readPage<D extends DescMessage>(
  session: Session,
  schema: D,
  listing: Listing,
  where: Conditions,
  page: PageRequest,
  finish: (message: MessageShape<D>, line: Line) => MessageShape<D> = (message) => message,
): Promise<Page<MessageShape<D>>> {
  const { from, timeColumn, columns, oldestFirst = false } = listing;
  where.after(timeColumn, page, oldestFirst);
  const direction = oldestFirst ? 'ASC' : 'DESC';
  const lines = await session.read(
    `SELECT id, record, epoch_us(${timeColumn}) AS micros${columns === undefined ? '' : `, ${columns}`}
     FROM ${from} WHERE ${where}
     ORDER BY ${timeColumn} ${direction}, id ${direction} LIMIT ${page.size + 1}`,
    where.parameters,
  );
  return {
    lines: lines.slice(0, page.size).map((line) => ({
      value: finish(fromJsonString(schema, String(line.record), { ignoreUnknownFields: true }), line),
      key: [String(line.micros), String(line.id)] as const,
    })),
    hasMore: lines.length > page.size,
  };
}
