/** The services that a Task may call. Each is one file; any other `Resource` is refused when the machine is created. */
import type { Failure } from '../failure.ts';
import type { Json } from '../json.ts';

/** What the call came to. */
export type Outcome = { ok: true; result: Json } | { ok: false; failure: Failure };

/** Who calls: for services that name their caller. */
export interface Caller {
  readonly executionArn: string;
  readonly machineArn: string;
  /** Unique to this attempt of the task and the same when it is run again after a restart. */
  readonly attempt: string;
}

export interface Resource {
  readonly arn: string;
  /** As in the history: `lambda`, `invoke.waitForTaskToken`. */
  readonly type: string;
  readonly action: string;
  /** The task goes on when its token comes back, not when the call returns. */
  readonly waitsForToken: boolean;
  /** The members that its `Arguments` may have, and those that they must have. */
  readonly known: readonly string[];
  readonly required: readonly string[];
  /** Calls the service. Never rejects for what the service answers. */
  call(input: Json, caller: Caller): Promise<Outcome>;
}

export type Resources = ReadonlyMap<string, Resource>;

/** A request that the service integration itself refuses at run time; it cannot be caught. */
export function runtimeFailure(cause: string): Outcome {
  return { ok: false, failure: { error: 'States.Runtime', cause } };
}
