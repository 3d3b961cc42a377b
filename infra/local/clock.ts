/**
 * The engine's clock and its queue of due moments. The only reader of the wall clock in the engine.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from './part.ts';

export interface EngineClock extends Clock {
  /** Engine time minus real time, in milliseconds. */
  offset(): number;
  /** The earliest moment that something is queued for, if any. */
  nextDue(): number | undefined;
  /** Moves the clock on to `target` (engine time, ms); never back. The new offset is on disk when this returns. */
  moveTo(target: number): void;
  /** Runs what is due now, in order of due time, then of queueing. */
  runDue(): void;
  /** Disarms the timer; nothing runs by itself any more. */
  stop(): void;
}

/** Real time in milliseconds since the epoch. */
export const realNow = (): number => Date.now();

/** A sleeping laptop stops Node's timers but not the world's clock: look again at least once a minute. */
const LONGEST_TIMER = 60_000;

interface Entry {
  due: number;
  order: number;
  run: (() => void) | undefined;
}

const earlier = (a: Entry, b: Entry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

/** A binary heap of due moments. Cancelled entries stay until they surface, or until they are the greater part. */
function createDueQueue() {
  let heap: Entry[] = [];
  let order = 0;
  let cancelled = 0;

  const swap = (i: number, j: number): void => {
    const a = heap[i];
    const b = heap[j];
    if (a && b) {
      heap[i] = b;
      heap[j] = a;
    }
  };
  const less = (i: number, j: number): boolean => {
    const a = heap[i];
    const b = heap[j];
    return a !== undefined && b !== undefined && earlier(a, b);
  };
  const rise = (from: number): void => {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!less(i, parent)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const sink = (from: number): void => {
    for (let i = from; ; ) {
      const left = 2 * i + 1;
      const child = less(left + 1, left) ? left + 1 : left;
      if (!less(child, i)) return;
      swap(i, child);
      i = child;
    }
  };
  const pop = (): Entry | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (last && last !== first) {
      heap[0] = last;
      sink(0);
    }
    return first;
  };
  const compact = (): void => {
    if (cancelled < 1024 || cancelled < heap.length / 2) return;
    heap = heap.filter((entry) => entry.run !== undefined).sort((a, b) => (earlier(a, b) ? -1 : 1));
    cancelled = 0;
  };
  const peek = (): Entry | undefined => {
    while (heap[0] && heap[0].run === undefined) {
      pop();
      cancelled -= 1;
    }
    return heap[0];
  };

  return {
    peek,
    add(due: number, run: () => void): () => void {
      const entry: Entry = { due, order: order++, run };
      heap.push(entry);
      rise(heap.length - 1);
      return () => {
        if (entry.run === undefined) return;
        entry.run = undefined;
        cancelled += 1;
        compact();
      };
    },
    /** Takes the earliest callback that is due at `now`, if any. */
    take(now: number): (() => void) | undefined {
      const entry = peek();
      if (!entry || entry.due > now) return undefined;
      pop();
      const { run } = entry;
      entry.run = undefined;
      return run;
    },
  };
}

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
    runDue();
    arm();
  };
  const runDue = (): void => {
    // What a callback queues for "now" runs in a later turn, so a callback that queues itself cannot hold the loop.
    const until = now();
    const batch: (() => void)[] = [];
    for (let run = queue.take(until); run; run = queue.take(until)) batch.push(run);
    for (const run of batch) {
      try {
        run();
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
    runDue() {
      runDue();
      arm();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
