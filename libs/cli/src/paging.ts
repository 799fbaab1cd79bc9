import type { Page } from './library/library.ts';

/** Collects up to so many items from pages. */
export async function collect<T>(
  limit: number,
  maxPageSize: number,
  read: (pageSize: number, pageToken: string) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let token = '';
  do {
    const page = await read(Math.min(maxPageSize, limit - items.length), token);
    items.push(...page.items);
    token = page.nextPageToken;
  } while (token !== '' && items.length < limit);
  return items.slice(0, limit);
}
