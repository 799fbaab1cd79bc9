import type { DescMessage, Message, MessageShape } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator, type Violation } from '@bufbuild/protovalidate';
import { invalidArgument } from '../errors/constructors.ts';
import type { FieldViolation } from '../errors/rpc-error.ts';

/** One for the process: it compiles the rules of a message once, at the first one it sees. */
const validator = createValidator();

/**
 * Throws INVALID_ARGUMENT naming every field that breaks a rule of the contract, by its path in the proto. A rule that
 * cannot be evaluated is a fault of the contract and is thrown as it is.
 */
export function validate<D extends DescMessage>(schema: D, message: MessageShape<D>): void {
  const violations = violationsOf(schema, message);
  if (violations.length > 0) throw invalidArgument(violations);
}

/** What is wrong with a message by the rules of its contract; empty where nothing is. */
export function violationsOf(schema: DescMessage, message: Message): FieldViolation[] {
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return [];
  if (result.kind === 'error') throw result.error;
  return result.violations.map(toFieldViolation);
}

function toFieldViolation(violation: Violation): FieldViolation {
  return {
    field: pathToString(violation.field),
    description: violation.message,
    reason: violation.ruleId.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase(),
  };
}
