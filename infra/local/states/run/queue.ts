/** Runs threads, so many at a time; those that wait for their turn are two numbers each. */
import type { Activity } from '../../part.ts';
import type { Job } from './page.ts';

/** As many calls of functions may be in flight. Whoever waits beyond that costs no memory. */
const AT_ONCE = 128;

export interface Queue {
  add(job: Job): void;
}

/** Counts as one piece of work from the first job until there is none. */
export function createQueue(activity: Activity, run: (job: Job) => Promise<void>): Queue {
  let waiting: Job[] = [];
  let next = 0;
  let running = 0;
  let done: (() => void) | undefined;

  function pump(): void {
    while (running < AT_ONCE) {
      const job = waiting[next];
      if (!job) break;
      next += 1;
      running += 1;
      void run(job).finally(finished);
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

  function finished(): void {
    running -= 1;
    pump();
  }

  return {
    add(job) {
      waiting.push(job);
      if (!done) void activity.track(new Promise<void>((resolve) => (done = resolve)));
      // The caller's answer goes first.
      queueMicrotask(pump);
    },
  };
}
