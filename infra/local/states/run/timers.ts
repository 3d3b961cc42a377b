/**
 * One timer for all that waits: it is set to the earliest moment that the tables hold, and looks into the tables when
 * it strikes. So a waiting execution takes no memory, and a moment that has passed meanwhile does no harm.
 */
import { setImmediate } from 'node:timers/promises';
import type { Activity, Clock } from '../../part.ts';
import type { TaskState } from '../machine/machine.ts';
import type { Execution } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';
import type { Thread } from '../storage/threads.ts';
import type { Closing } from './closing.ts';
import { type Page, type Pages, wake } from './page.ts';
import { change } from './transition.ts';

const BATCH = 200;

export interface Timers {
  /** Something is due at this moment. */
  expect(due: number): void;
  /** Reads from the tables when the next thing is due. */
  rearm(): void;
  stop(): void;
}

export interface TimerParts {
  store: Store;
  clock: Clock;
  activity: Activity;
  pages: Pages;
  closing: Closing;
  taskOf(thread: Thread, execution: Execution): TaskState | undefined;
}

export function createTimers({ store, clock, activity, pages, closing, taskOf }: TimerParts): Timers {
  let armed: { due: number; cancel: () => void } | undefined;
  let sweeping = false;
  let stopped = false;

  function expect(due: number): void {
    if (stopped || sweeping || (armed && armed.due <= due)) return;
    armed?.cancel();
    armed = undefined;
    let struck = false;
    const cancel = clock.at(due, () => {
      struck = true;
      armed = undefined;
      if (!stopped && !sweeping) void activity.track(sweep());
    });
    if (!struck) armed = { due, cancel };
  }

  async function sweep(): Promise<void> {
    sweeping = true;
    try {
      while (!stopped && wakeBatch()) await setImmediate();
    } finally {
      sweeping = false;
      rearm();
    }
  }

  /** True when there may be more. */
  function wakeBatch(): boolean {
    const now = clock.now();
    const executions = store.executions.due(now, BATCH);
    for (const { id } of executions) pages.write(id, (page) => closing.timeOut(page));
    const threads = store.threads.due(now, BATCH);
    for (const thread of threads) pages.writeThread(thread, (page) => strike(page, thread));
    return executions.length === BATCH || threads.length === BATCH;
  }

  function strike(page: Page, thread: Thread): void {
    if (thread.phase === 'waiting') wake(page, change(store.threads, thread, { phase: 'woken', due: null }));
    else if (thread.phase === 'retry') wake(page, change(store.threads, thread, { phase: 'ready', due: null }));
    else wake(page, timeOutTask(page, thread));
  }

  /** AWS records a missed heartbeat as States.Timeout too; catchers may name either. */
  function timeOutTask(page: Page, thread: Thread): Thread {
    const heartbeat = thread.timeout === null || page.at < thread.timeout;
    const failure = { error: 'States.Timeout', ...(heartbeat && { alias: 'States.HeartbeatTimeout' }) };
    const resource = taskOf(thread, page.execution)?.resource;
    const details = { resourceType: resource?.type ?? '', resource: resource?.action ?? '', error: failure.error };
    const last_event = page.chapter.add({ type: 'TaskTimedOut', details }, thread.last_event);
    const changes = { due: null, timeout: null, heartbeat: null, token: null, work: JSON.stringify(failure) };
    return change(store.threads, thread, { ...changes, phase: 'error', last_event });
  }

  function rearm(): void {
    if (stopped) return;
    const dues = [store.threads.nextDue(), store.executions.nextDue()].filter((due) => due !== undefined);
    if (dues.length > 0) expect(Math.min(...dues));
  }

  return {
    expect,
    rearm,
    stop() {
      stopped = true;
      armed?.cancel();
      armed = undefined;
    },
  };
}
