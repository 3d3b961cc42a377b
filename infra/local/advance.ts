/** Moving the clock: from due moment to due moment, so that everything happens at its own time and in its own order. */
import type { EngineClock } from './clock.ts';
import type { Activity } from './part.ts';

/**
 * Makes `advance(ms)`: it resolves once the clock stands at its start plus `ms`, or later where real time has passed it,
 * and nothing is due or in flight. Calls queue up, each starting where the one before it ended. `advance(0)` settles.
 */
export function createAdvance(clock: EngineClock, activity: Activity): (ms: number) => Promise<void> {
  let last: Promise<void> = Promise.resolve();

  const move = async (ms: number): Promise<void> => {
    // What runs while the clock stands still happens now: settle first, or it would happen at the first due moment.
    await settleAt(clock.now());
    const target = clock.now() + ms;
    await settleAt(target);
    clock.moveTo(target);
    await settleAt(clock.now());
  };

  const settleAt = async (target: number): Promise<void> => {
    for (;;) {
      await activity.idle();
      const due = clock.nextDue();
      if (due === undefined || due > target) return;
      clock.moveTo(due);
      clock.runDue(due);
    }
  };

  return (ms) => {
    const turn = last.then(() => move(ms));
    last = turn.catch(() => {});
    return turn;
  };
}
