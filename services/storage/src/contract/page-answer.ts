import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import type { Page } from '../warehouse/warehouse.ts';
import { fitting } from './page-size.ts';
import { pageToken } from './page-token.ts';

/** A page as a response has it. */
export interface PageAnswer<T> {
  readonly messages: T[];
  readonly nextPageToken: string;
}

/** As much of a page as one message holds, and the token for what comes behind it. */
export function pageAnswer<D extends DescMessage>(
  schema: D,
  page: Page<MessageShape<D>>,
  filters: unknown,
): PageAnswer<MessageShape<D>> {
  const lines = fitting(page.lines, ({ value }) => toBinary(schema, value).length);
  const last = lines.at(-1);
  const hasMore = page.hasMore || lines.length < page.lines.length;
  return {
    messages: lines.map(({ value }) => value),
    nextPageToken: last !== undefined && hasMore ? pageToken(last.key, filters) : '',
  };
}
