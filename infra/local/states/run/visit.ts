/** One state being run by one thread: all that its expressions can see. */
import type { Now } from '../expression/expression.ts';
import type { Bindings } from '../expression/quick.ts';
import { isRecord, type Json, type JsonObject, parseJson } from '../json.ts';
import type { Machine, Scope, State } from '../machine/machine.ts';
import type { Execution } from '../storage/executions.ts';
import type { Thread } from '../storage/threads.ts';
import { contextOf } from './context.ts';

/** The parts of `$states` that only some fields have. */
export interface Extra {
  result?: Json;
  errorOutput?: Json;
  token?: string | undefined;
  item?: { index: number; value: Json };
}

export interface Visit {
  readonly thread: Thread;
  readonly execution: Execution;
  readonly machine: Machine;
  readonly scope: Scope;
  readonly state: State;
  readonly input: Json;
  readonly now: Now;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  bindings(extra?: Extra): Bindings;
}

/** A revision, compiled. */
export interface Definition {
  machine: Machine;
  /** ARN of the role, for the context. */
  role: string;
}

/** What a visit is made from. */
export interface Surroundings {
  definition(revision: number): Definition;
  thread(id: number): Thread | undefined;
  now: Now;
  random: () => number;
}

/** The visit of the state that a thread is in. */
export function visitOf(around: Surroundings, thread: Thread, execution: Execution): Visit {
  const { machine, role } = around.definition(execution.revision);
  const scope = machine.scopes.get(thread.scope);
  const state = scope?.states.get(thread.state);
  if (!scope || !state)
    throw new Error(`${execution.arn} is in the state ${thread.state}, which its definition does not have`);
  const input = parseJson(thread.input);
  const variables = visibleVariables(around, thread);
  return {
    thread,
    execution,
    machine,
    scope,
    state,
    input,
    now: around.now,
    random: around.random,
    bindings({ result, errorOutput, token, item } = {}) {
      const context = contextOf({ execution, thread, state: state.name, role, token, item });
      const states: Record<string, unknown> = { input, context };
      if (result !== undefined) states.result = result;
      if (errorOutput !== undefined) states.errorOutput = errorOutput;
      return { ...variables, states };
    },
  };
}

/** The variables of the thread's scope and of those around it; no name is in two of them. */
function visibleVariables(around: Surroundings, thread: Thread): JsonObject {
  const own = variablesOf(thread);
  const parent = thread.parent === null ? undefined : around.thread(thread.parent);
  return parent ? { ...visibleVariables(around, parent), ...own } : own;
}

export function variablesOf(thread: Thread): JsonObject {
  const variables = parseJson(thread.variables);
  return isRecord(variables) ? variables : {};
}
