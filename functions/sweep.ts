/**
 * Every minute: publishes messages that a crash left behind, and sees to all that is due: leads that the clock judges,
 * enrolments that should have moved on, held mails, acts that wait to be judged.
 */
import { type Due, dueBy, firstDue, idOf, kindOf, putOffDue } from './adapters/due.ts';
import { sweepDue } from './adapters/sweep-due.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import type { Instant } from './lead/event.ts';

/** Of each of the four shards in one round. */
const AT_ONCE = 25;
/** The stack's time limit is 55 s, and a round of calls that all time out takes 10. */
const ROUNDS_MS = 40_000;

/**
 * One that failed is put off by this: behind all that is due by then, so that the others have their turn however many fail.
 * An alarm looks at five minutes: one that goes on failing is logged in each of them.
 */
const AGAIN_MS = 3 * 60_000;

/** What an empty table says: until something happens, nothing will. */
const NOTHING_AT_ALL_MS = 7 * 86_400_000;

/**
 * @returns `nothingBefore`: when the first thing falls due that is in the table now, or a week on where nothing is. Until
 * then a sweep finds nothing, unless something else happens.
 */
export async function handler(): Promise<{ nothingBefore: string }> {
  const seen = new Set<string>();
  const end = later(now(), ROUNDS_MS);
  for (let at = now(); at < end; at = now()) {
    const due = await dueBy(at, AT_ONCE, seen);
    if (due.length === 0) break;
    for (const one of due) seen.add(idOf(one));
    await Promise.all(due.map((one) => sweepSafely(one, at)));
  }
  return { nothingBefore: (await firstDue()) ?? later(now(), NOTHING_AT_ALL_MS) };
}

/** One that fails must not keep the others from being seen to: it is put off, and where that fails too, passed by. */
async function sweepSafely(due: Due, at: Instant): Promise<void> {
  const eventType = kindOf(due);
  try {
    await sweepDue(due, at);
  } catch (error) {
    log.error('a due item could not be seen to', { eventType, error });
    await putOffDue(due, later(at, AGAIN_MS)).catch((error) =>
      log.error('a due item could not be put off', { eventType, error }),
    );
  }
}
