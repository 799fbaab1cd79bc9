/** The status codes of gRPC, by name. The numbers are those on the wire. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** A gRPC status code. */
export type Code = (typeof Code)[keyof typeof Code];

/** The name of a gRPC status code, such as `NOT_FOUND`. */
export type CodeName = keyof typeof Code;

const names = Object.keys(Code) as CodeName[];

/** The name of a code; a number outside the standard is `UNKNOWN`, as the standard asks of a receiver. */
export function codeName(code: number): CodeName {
  return names[code] ?? 'UNKNOWN';
}
