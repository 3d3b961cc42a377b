/** Errors inside an execution: their names, and which retriers and catchers they match. */
import type { JsonObject } from './json.ts';

/** A state that failed, as `Retry` and `Catch` see it. */
export interface Failure {
  error: string;
  cause?: string;
  /** A second name that catchers may use: a missed heartbeat is recorded as States.Timeout and matches both. */
  alias?: string;
  /** Where a query failed, for the event EvaluationFailed: `Output/name`. */
  location?: string;
}

/** Thrown by a state that cannot go on; carries a Failure. */
export class StateFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.cause ?? failure.error);
    this.failure = failure;
  }
}

/** A query that failed: States.QueryEvaluationError at one field of the state. */
export function queryFailure(cause: string, location: string): StateFailure {
  return new StateFailure({ error: 'States.QueryEvaluationError', cause, location });
}

/** A payload above 256 KiB; States.ALL does not catch it. */
export function tooLarge(what: string): StateFailure {
  const cause = `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new StateFailure({ error: 'States.DataLimitExceeded', cause });
}

export function failureOf(error: unknown): Failure {
  if (error instanceof StateFailure) return error.failure;
  throw error;
}

/** `$states.errorOutput`, and the output of a catcher that names none. */
export function errorOutput(failure: Failure): JsonObject {
  const output: JsonObject = { Error: failure.error };
  if (failure.cause !== undefined) output.Cause = failure.cause;
  return output;
}

/**
 * Whether one of the names of a retrier or catcher matches.
 * States.Runtime is never matched; States.DataLimitExceeded only by its own name; States.TaskFailed matches all but
 * timeouts (AWS developer guide, "Handling errors").
 */
export function matches(errorEquals: readonly string[], failure: Failure): boolean {
  if (failure.error === 'States.Runtime') return false;
  if (errorEquals.includes(failure.error)) return true;
  if (failure.alias !== undefined && errorEquals.includes(failure.alias)) return true;
  if (failure.error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && failure.error !== 'States.Timeout';
}
