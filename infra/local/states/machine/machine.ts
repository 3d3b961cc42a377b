/** A state machine as the interpreter runs it: checked, with its expressions compiled. */
import type { Template } from '../expression/template.ts';
import type { Resource } from '../resources/resource.ts';

export interface Machine {
  /** States by where they are: `` for the machine itself, `/States/Fan/Branches/0`, `/States/Each/ItemProcessor`. */
  readonly scopes: ReadonlyMap<string, Scope>;
  /** The whole execution may take this long. */
  readonly timeoutSeconds: number | undefined;
}

/** States that lead to one another; variables live here. */
export interface Scope {
  readonly path: string;
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

interface Named {
  readonly name: string;
}

/** What a state does with its result on leaving. */
export interface Leaving {
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
  /** null: the scope ends here. */
  readonly next: string | null;
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
}

interface Recovering {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface PassState extends Named, Leaving {
  readonly type: 'Pass';
}

export interface TaskState extends Named, Leaving, Recovering {
  readonly type: 'Task';
  readonly resource: Resource;
  readonly arguments: Template | undefined;
  readonly timeoutSeconds: Template | undefined;
  readonly heartbeatSeconds: Template | undefined;
}

export interface ChoiceRule {
  readonly condition: Template;
  readonly next: string;
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
}

export interface ChoiceState extends Named {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly otherwise: string | undefined;
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
}

export interface WaitState extends Named, Leaving {
  readonly type: 'Wait';
  readonly until: { readonly seconds: Template } | { readonly timestamp: Template };
}

export interface SucceedState extends Named, Leaving {
  readonly type: 'Succeed';
}

export interface FailState extends Named {
  readonly type: 'Fail';
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}

export interface ParallelState extends Named, Leaving, Recovering {
  readonly type: 'Parallel';
  readonly arguments: Template | undefined;
  readonly branches: readonly string[];
}

export interface MapState extends Named, Leaving, Recovering {
  readonly type: 'Map';
  readonly items: Template | undefined;
  readonly itemSelector: Template | undefined;
  readonly maxConcurrency: Template | undefined;
  readonly processor: string;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** A state that has `Retry` and `Catch`. */
export type RecoveringState = TaskState | ParallelState | MapState;

export function isRecovering(state: State): state is RecoveringState {
  return state.type === 'Task' || state.type === 'Parallel' || state.type === 'Map';
}
