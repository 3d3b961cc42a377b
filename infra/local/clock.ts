/**
 * The engine's clock and its queue of due moments. The only reader of the wall clock in the engine.
 */
import type { DatabaseSync } from 'node:sqlite';
import { createDueQueue } from './due-queue.ts';
import type { Clock } from './part.ts';

export interface EngineClock extends Clock {
  /** Engine time minus real time, in milliseconds. */
  offset(): number;
  /** The earliest moment that something is queued for, if any. */
  nextDue(): number | undefined;
  /** Moves the clock on to `target` (engine time, ms); never back. The new offset is on disk when this returns. */
  moveTo(target: number): void;
  /** Runs what is due at `until` (engine time; now, when absent), in order of due time, then of queueing. */
  runDue(until?: number): void;
  /** Disarms the timer; nothing runs by itself any more. */
  stop(): void;
}

/** Real time in milliseconds since the epoch. */
export const realNow = (): number => Date.now();

/** A sleeping laptop stops Node's timers but not the world's clock: look again at least once a minute. */
const LONGEST_TIMER = 60_000;

function openOffset(db: DatabaseSync) {
  db.exec('CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset_ms INTEGER NOT NULL)');
  db.exec('INSERT OR IGNORE INTO clock VALUES (1, 0)');
  const update = db.prepare('UPDATE clock SET offset_ms = ? WHERE id = 1');
  const saved = db.prepare('SELECT offset_ms FROM clock WHERE id = 1').get()?.offset_ms;
  return { saved: typeof saved === 'number' ? saved : 0, save: (offset: number): void => void update.run(offset) };
}

/**
 * The clock of this data directory: real time plus the offset that was saved there.
 * @param report told of a callback that threw; the queue goes on.
 */
export function createClock(db: DatabaseSync, report: (error: unknown) => void = () => {}): EngineClock {
  const shared = new SharedArrayBuffer(8);
  const cell = new BigInt64Array(shared);
  const disk = openOffset(db);
  Atomics.store(cell, 0, BigInt(disk.saved));
  let offset = disk.saved;
  const queue = createDueQueue();
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let stopped = false;

  const now = (): number => realNow() + offset;
  const arm = (): void => {
    const due = queue.peek()?.due ?? Number.POSITIVE_INFINITY;
    if (stopped || due === armedFor) return;
    clearTimeout(timer);
    armedFor = due;
    if (due === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(wake, Math.min(Math.max(Math.ceil(due - now()), 0), LONGEST_TIMER));
    timer.unref();
  };
  const wake = (): void => {
    armedFor = Number.POSITIVE_INFINITY;
    runDue(now());
    arm();
  };
  const runDue = (until: number): void => {
    // Taken first, run then: what a callback queues for "now" waits for a later turn and cannot hold the loop.
    for (const entry of queue.takeAll(until)) {
      try {
        entry.run?.();
      } catch (error) {
        report(error);
      }
    }
  };

  return {
    shared,
    now,
    offset: () => offset,
    nextDue: () => queue.peek()?.due,
    at(due, run) {
      const cancel = queue.add(due, run);
      if (due < armedFor) arm();
      return cancel;
    },
    moveTo(target) {
      const moved = Math.ceil(target) - realNow();
      if (moved <= offset) return;
      disk.save(moved);
      offset = moved;
      Atomics.store(cell, 0, BigInt(moved));
      armedFor = Number.POSITIVE_INFINITY;
      arm();
    },
    runDue(until = now()) {
      runDue(until);
      arm();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
