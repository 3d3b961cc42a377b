/** The context object, `$states.context` (AWS developer guide, "Accessing execution data from the Context object"). */
import { type Json, parseJson } from '../json.ts';
import type { Execution } from '../storage/executions.ts';
import type { Thread } from '../storage/threads.ts';

export interface ContextParts {
  execution: Execution;
  thread: Thread;
  state: string;
  role: string;
  token?: string | undefined;
  item?: { index: number; value: Json } | undefined;
}

/** `Map` is there in an ItemSelector only, `Task` in the arguments of a task that waits for its token. */
export function contextOf({ execution, thread, state, role, token, item }: ContextParts): Record<string, unknown> {
  return {
    Execution: {
      Id: execution.arn,
      get Input() {
        return parseJson(execution.input);
      },
      Name: execution.name,
      RoleArn: role,
      StartTime: isoTime(execution.started),
      RedriveCount: 0,
    },
    State: { EnteredTime: isoTime(thread.entered), Name: state, RetryCount: thread.retries },
    StateMachine: { Id: execution.machine, Name: nameOf(execution.machine) },
    ...(token !== undefined && { Task: { Token: token } }),
    ...(item && { Map: { Item: { Index: item.index, Value: item.value, Source: 'STATE_DATA' } } }),
  };
}

/** Step Functions leaves out a fraction of zero. */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The last part of `arn:aws:states:<region>:<account>:stateMachine:<name>`. */
export function nameOf(machineArn: string): string {
  return machineArn.slice(machineArn.lastIndexOf(':') + 1);
}
