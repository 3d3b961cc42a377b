/** How an execution ends. */
import type { BusEntry } from '../../part.ts';
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Ending } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';
import { outputDetails } from './event.ts';
import type { Page } from './page.ts';
import { statusChange } from './status-change.ts';

/** Executions are forgotten 90 days after their end, as on AWS; then their names are free again. */
export const RETENTION_MS = 90 * 86_400_000;
/** Each end of an execution removes a few old ones, so that no end takes long. */
const PRUNED_AT_ONCE = 20;

export interface Closing {
  succeed(page: Page, output: string, previous: number): void;
  fail(page: Page, failure: Failure, previous: number): void;
  timeOut(page: Page): void;
  abort(page: Page, reason: { error?: string | undefined; cause?: string | undefined }): void;
  /** The history has no room for another step. */
  endFull(page: Page): void;
  /** Forgets an execution. */
  forget(id: number): void;
}

export interface ClosingParts {
  store: Store;
  /** Puts an event on the default bus, in the same transaction. */
  announce(event: BusEntry): void;
  /** An execution of this machine has ended. */
  executionClosed(machine: string): void;
}

export function createClosing({ store, announce, executionClosed }: ClosingParts): Closing {
  function close(page: Page, ending: Ending, previous: number): void {
    const { execution, chapter, at } = page;
    const [type, details] = lastEvent(ending);
    chapter.end({ type, details }, previous);
    chapter.write();
    store.history.pack(execution.id);
    store.executions.close(execution.id, at, ending.status === 'TIMED_OUT' ? { status: 'TIMED_OUT' } : ending);
    store.threads.deleteOf(execution.id);
    const closed = store.executions.get(execution.id);
    if (closed) announce(statusChange(closed));
    executionClosed(execution.machine);
    for (const id of store.executions.stoppedBefore(at - RETENTION_MS, PRUNED_AT_ONCE)) forget(id);
  }

  function forget(id: number): void {
    store.history.delete(id);
    store.executions.delete(id);
  }

  return {
    succeed: (page, output, previous) => close(page, { status: 'SUCCEEDED', output }, previous),
    fail: (page, { error, cause }, previous) =>
      close(page, { status: 'FAILED', error: error || undefined, cause }, previous),
    timeOut: (page) => close(page, { status: 'TIMED_OUT', error: 'States.Timeout' }, 0),
    abort: (page, { error, cause }) => close(page, { status: 'ABORTED', error, cause }, 0),
    endFull(page) {
      const cause = 'The execution reached the maximum number of history events (25000).';
      close(page, { status: 'FAILED', error: 'States.Runtime', cause }, page.execution.events);
    },
    forget,
  };
}

const LAST_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

function lastEvent({ status, output, error, cause }: Ending): [type: string, details: JsonObject] {
  if (output !== undefined) return [LAST_EVENTS[status], outputDetails(output)];
  return [LAST_EVENTS[status], { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }];
}
