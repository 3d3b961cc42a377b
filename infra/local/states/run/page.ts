/** One transition of an execution: one transaction, one entry in its history, and what follows once it is on disk. */
import type { Clock } from '../../part.ts';
import type { Execution } from '../storage/executions.ts';
import { type Chapter, type Draft, HistoryFull } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import type { Thread } from '../storage/threads.ts';

/** A thread to be run, as of one version. */
export interface Job {
  id: number;
  version: number;
}

/** What follows a transaction. */
export interface Effects {
  jobs: Job[];
  /** The earliest moment at which something is due. */
  due: number | undefined;
}

export interface Page {
  readonly at: number;
  readonly execution: Execution;
  readonly chapter: Chapter;
  readonly effects: Effects;
}

export interface Pages {
  /**
   * Runs `write` on a running execution and stores what it wrote; undefined when the execution is closed. If the
   * history is full, nothing of it is stored and the execution ends.
   */
  write<Result>(execution: number, write: (page: Page) => Result): Result | undefined;
  /** The same for a thread that nobody has changed since it was read. */
  writeThread<Result>(thread: Thread, write: (page: Page) => Result): Result | undefined;
}

export interface PageParts {
  store: Store;
  clock: Clock;
  /** Takes care of the effects; called after the commit. */
  follow(effects: Effects): void;
  /** Ends an execution whose history is full. */
  endFull(page: Page): void;
}

export function createPages({ store, clock, follow, endFull }: PageParts): Pages {
  function attempt<Result>(id: number, effects: Effects, write: (page: Page) => Result): Result | undefined {
    const execution = store.executions.get(id);
    if (execution?.status !== 'RUNNING') return undefined;
    const at = clock.now();
    const chapter = store.history.open(id, execution.events, at);
    const result = write({ at, execution, chapter, effects });
    const events = chapter.write();
    if (events > execution.events) store.executions.setEvents(id, events);
    return result;
  }

  function write<Result>(id: number, work: (page: Page) => Result): Result | undefined {
    let effects = noEffects();
    let result: Result | undefined;
    try {
      result = store.transact(() => attempt(id, effects, work));
    } catch (error) {
      if (!(error instanceof HistoryFull)) throw error;
      effects = noEffects();
      store.transact(() => attempt(id, effects, endFull));
    }
    follow(effects);
    return result;
  }

  return {
    write,
    writeThread: (thread, work) =>
      write(thread.execution, (page) =>
        store.threads.get(thread.id)?.version === thread.version ? work(page) : undefined,
      ),
  };
}

export function noEffects(): Effects {
  return { jobs: [], due: undefined };
}

/** Adds events one after the other; gives the number of the last. */
export function addEvents({ chapter }: Page, drafts: readonly Draft[], previous: number): number {
  return drafts.reduce((last, draft) => chapter.add(draft, last), previous);
}

/** Has the engine look again at this moment. */
export function wakeAt({ effects }: Page, due: number | null): void {
  if (due !== null) effects.due = Math.min(due, effects.due ?? due);
}

/** Has the thread run after the commit. */
export function wake({ effects }: Page, { id, version }: Job): void {
  effects.jobs.push({ id, version });
}
