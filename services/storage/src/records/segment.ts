import { type DescMessage, fromJsonString, type Message, toJsonString } from '@bufbuild/protobuf';
import { z } from 'zod';
import { RECORD_SCHEMAS, type RecordKind, type Segment } from './record-kinds.ts';

/** Version of the form of segments. A reader takes this one and the one before. */
const FORMAT = 1;

const header = z.object({
  format: z.literal(FORMAT),
  kind: z.enum(Object.keys(RECORD_SCHEMAS) as [RecordKind, ...RecordKind[]]),
  team: z.string(),
  revision: z.number().int().nonnegative(),
  writeTime: z.iso.datetime().transform((text) => new Date(text)),
});

/**
 * A segment as bytes: lines of JSON, the first of which says what the others are. Any tool can read it, and a line
 * that is to be erased is found by it.
 */
export function encodeSegment(segment: Segment): Buffer {
  const { kind, team, revision, writeTime, records } = segment;
  const first = JSON.stringify({ format: FORMAT, kind, team, revision, writeTime });
  const schema: DescMessage = RECORD_SCHEMAS[kind];
  const lines = (records as readonly Message[]).map((record) => toJsonString(schema, record));
  return Buffer.from(`${[first, ...lines].join('\n')}\n`);
}

/** Reads a segment. Fields that a later version added are left out. Throws where the bytes are not a segment. */
export function decodeSegment(bytes: Buffer): Segment {
  const [first = '', ...lines] = bytes.toString().trimEnd().split('\n');
  const { format: _, ...fields } = header.parse(JSON.parse(first));
  const schema: DescMessage = RECORD_SCHEMAS[fields.kind];
  const records = lines.map((line) => fromJsonString(schema, line, { ignoreUnknownFields: true }));
  return { ...fields, records } as unknown as Segment;
}
