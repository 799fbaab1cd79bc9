/**
 * Bytes that the lines of one page may take at most, whatever their number: below gRPC's limit of 4 MiB for a message.
 */
export const MAX_PAGE_BYTES = 3 * 1024 * 1024;

/** As many of the lines, from the first, as fit into one message; at least one. */
export function fitting<T>(lines: readonly T[], bytesOf: (line: T) => number): readonly T[] {
  let total = 0;
  const end = lines.findIndex((line, index) => {
    total += bytesOf(line);
    return index > 0 && total > MAX_PAGE_BYTES;
  });
  return end === -1 ? lines : lines.slice(0, end);
}
