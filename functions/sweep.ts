/**
 * Every minute: publishes messages that a crash left behind, and sees to all that is due: leads that the clock judges,
 * enrolments that should have moved on, held mails, acts that wait to be judged.
 */
import { type Due, dueBy, firstDue } from './adapters/due.ts';
import { sweepDue } from './adapters/sweep-due.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';

/** Of each of the four shards in one round. */
const AT_ONCE = 25;
/** With the stack's time limit of 55 s, and a minute until the next sweep. */
const ROUNDS = 20;

/** What an empty table says: until something happens, nothing will. */
const NOTHING_AT_ALL_MS = 7 * 86_400_000;

/**
 * @returns `nothingBefore`: when the first thing falls due that is in the table now, or a week on where nothing is. Until
 * then a sweep finds nothing, unless something else happens.
 */
export async function handler(): Promise<{ nothingBefore: string }> {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const at = now();
    const due = (await dueBy(at, AT_ONCE)).filter((one) => !seen.has(idOf(one)));
    if (due.length === 0) break;
    for (const one of due) seen.add(idOf(one));
    await Promise.all(due.map((one) => sweepSafely(one, at)));
  }
  return { nothingBefore: (await firstDue()) ?? later(now(), NOTHING_AT_ALL_MS) };
}

const idOf = ({ pk, sk, dueAt }: Due): string => `${pk}|${sk}|${dueAt}`;

/** One that fails must not keep the others from being seen to; it is due again in a minute. */
async function sweepSafely(due: Due, at: string): Promise<void> {
  try {
    await sweepDue(due, at);
  } catch (error) {
    log.error('a due item could not be seen to', { eventType: due.sk.split('#')[0] ?? '', error });
  }
}
