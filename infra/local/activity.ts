/** Work in flight, counted, so that "settled" has a meaning. */
import type { Collector } from './collector.ts';
import type { Activity } from './part.ts';

export interface Work extends Activity {
  /** Counts a piece of work that is not a promise. Returns its end; calling that twice counts once. */
  begin(): () => void;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `collector` hears when there is work and when there is none. */
export function createActivity(collector?: Collector): Work {
  let inFlight = 0;
  let begun = 0;
  let done = 0;
  let waiting: (() => void)[] = [];

  const start = (): void => {
    if (inFlight++ === 0) collector?.busy();
    begun += 1;
  };
  const end = (): void => {
    inFlight -= 1;
    done += 1;
    if (inFlight === 0) collector?.idle();
    if (inFlight > 0 || waiting.length === 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };

  return {
    get done() {
      return done;
    },
    begin() {
      start();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        end();
      };
    },
    track(work) {
      start();
      work.then(end, end);
      return work;
    },
    async idle() {
      for (;;) {
        while (inFlight > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        // Whoever awaited that work may begin the next piece in the turns that follow; two turns cover a hop through a queue.
        const before = begun;
        await nextTurn();
        await nextTurn();
        if (inFlight === 0 && begun === before) return;
      }
    },
  };
}
