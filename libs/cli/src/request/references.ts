import {
  type ReferenceImage,
  ReferenceImageSchema,
  ReferenceRoleSchema,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { parseEnum, parseNumber, parsePair } from './values.ts';

/** Reference images of `--reference role=source[@strength]`; files are uploaded. */
export async function readReferences(session: Session, texts: readonly string[]): Promise<ReferenceImage[]> {
  const references: ReferenceImage[] = [];
  for (const text of texts) references.push(await readReference(session, text));
  return references;
}

async function readReference(session: Session, text: string): Promise<ReferenceImage> {
  const [roleText, rest] = parsePair('--reference', text);
  const [, where = rest, strengthText] = /^(.+)@([0-9.]+)$/.exec(rest) ?? [];
  const role = parseEnum('--reference', ReferenceRoleSchema, roleText);
  const strength = strengthText === undefined ? undefined : parseNumber('--reference', strengthText);
  return create(ReferenceImageSchema, {
    role,
    source: await source(session, where),
    ...(strength !== undefined && { strength }),
  });
}

async function source(session: Session, where: string): Promise<ReferenceImage['source']> {
  if (/^images\/[0-9a-f-]{36}$/.test(where)) return { case: 'image', value: where };
  if (/^https?:\/\//i.test(where)) return { case: 'uri', value: where };
  try {
    const ref = await session.atelier.uploadReference(where, undefined, session.call);
    session.out.note(`Uploaded ${where} as ${ref.name}`);
    return { case: 'image', value: ref.name };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path !== undefined) throw new UsageError(`--reference: ${where}: cannot be read (${code})`);
    throw error;
  }
}
