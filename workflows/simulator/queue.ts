/** What falls due, in order: by instant, then by rank, then as it was added. */
import type { Instant } from '../../functions/lead/event.ts';

interface Due {
  at: Instant;
  rank: string;
  run: (now: Instant) => void;
}

export interface Queue {
  add(at: Instant, rank: string, run: (now: Instant) => void): void;
  /** Runs all that is due before the instant, with what that adds. */
  runUntil(end: Instant): void;
}

const isBefore = (a: Due, b: Due): boolean => (a.at === b.at ? a.rank < b.rank : a.at < b.at);

/** A lead has a few things before it at any time: a sorted list does. */
export function createQueue(): Queue {
  const due: Due[] = [];
  let now: Instant = '';
  return {
    add(at, rank, run) {
      // Late ones happen now: time does not run back.
      const entry = { at: at < now ? now : at, rank, run };
      let place = due.length;
      while (place > 0 && isBefore(entry, due[place - 1] as Due)) place--;
      due.splice(place, 0, entry);
    },
    runUntil(end) {
      for (let next = due[0]; next && next.at < end; next = due[0]) {
        due.shift();
        now = next.at;
        next.run(now);
      }
    },
  };
}
