/** How an execution ends. */
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Ending } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';
import { outputDetails } from './event.ts';
import type { Page } from './page.ts';

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

/** `machineClosed` hears of each machine that is being deleted and has no running execution left. */
export function createClosing(store: Store, machineClosed: (machine: string) => void): Closing {
  function close(page: Page, ending: Ending, previous: number): void {
    const { execution, chapter, at, effects } = page;
    const [type, details] = lastEvent(ending);
    chapter.end({ type, details }, previous);
    store.executions.close(execution.id, at, ending.status === 'TIMED_OUT' ? { status: 'TIMED_OUT' } : ending);
    store.threads.deleteOf(execution.id);
    store.notices.add(execution.id, ending.status);
    effects.notice = true;
    machineClosed(execution.machine);
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
