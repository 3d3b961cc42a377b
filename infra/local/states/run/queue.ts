/** Runs threads, so many at a time; those that wait for their turn are two numbers each. */
import type { Activity } from '../../part.ts';
import type { Job } from './page.ts';

/** As many calls of functions may be in flight. Whoever waits beyond that costs no memory. */
const AT_ONCE = 128;

export interface Queue {
  add(job: Job): void;
  /** Whether a thread waits for its turn or is being run. */
  has(thread: number): boolean;
}

/** Counts as one piece of work from the first job until there is none. */
export function createQueue(activity: Activity, run: (job: Job) => Promise<void>): Queue {
  let waiting: Job[] = [];
  let next = 0;
  let running = 0;
  let done: (() => void) | undefined;
  const present = new Map<number, number>();

  function pump(): void {
    while (running < AT_ONCE) {
      const job = waiting[next];
      if (!job) break;
      next += 1;
      running += 1;
      void run(job).finally(() => finished(job));
    }
    if (next === waiting.length) {
      waiting = [];
      next = 0;
    }
    if (running === 0) {
      done?.();
      done = undefined;
    }
  }

  function finished({ id }: Job): void {
    running -= 1;
    count(id, -1);
    pump();
  }

  function count(id: number, change: 1 | -1): void {
    const jobs = (present.get(id) ?? 0) + change;
    if (jobs === 0) present.delete(id);
    else present.set(id, jobs);
  }

  return {
    add(job) {
      waiting.push(job);
      count(job.id, 1);
      if (!done) void activity.track(new Promise<void>((resolve) => (done = resolve)));
      // The caller's answer goes first.
      queueMicrotask(pump);
    },
    has: (thread) => present.has(thread),
  };
}
