/** Telling a refusal, which a check reports, from a fault of the program, which it does not. */

import { CryptoError } from '../crypto/errors.ts';
import { SchemaError } from '../schemas/fields.ts';

/** Whether an error says that bytes from outside were refused. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof CryptoError || error instanceof SchemaError;
}

/** The text of a refusal; any other error is thrown on. */
export function asProblem(error: unknown): string {
  if (isRefusal(error)) {
    return error.message;
  }
  throw error;
}

/** The problems that a verification refuses: its text, or none. */
export function refusals(verify: () => unknown): string[] {
  try {
    verify();
  } catch (error) {
    return [asProblem(error)];
  }
  return [];
}
