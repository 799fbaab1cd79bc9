import { AtelierError, Code } from '@atelier/client';
import type { Message } from '@bufbuild/protobuf';
import type { Library } from '../library/library.ts';
import { UsageError } from '../usage-error.ts';

/** Has the platform check a content, and gives its warnings. What it refuses is a `UsageError` by file and path. */
export async function checkContent(
  library: Library,
  file: string,
  content: Message,
): Promise<readonly string[]> {
  try {
    return (await library.validate(content, undefined)).warnings;
  } catch (error) {
    if (!(error instanceof AtelierError) || error.code !== Code.INVALID_ARGUMENT) throw error;
    const { reason, message, fieldViolations } = error;
    if (fieldViolations.length === 0) throw new UsageError(`${file}: ${message} (${reason})`);
    throw new UsageError(
      fieldViolations.map(({ field, description }) => `${file}: ${field}: ${description} (${reason})`),
    );
  }
}
