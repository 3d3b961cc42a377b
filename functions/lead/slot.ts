/** Pacing: how many mails a second may be handed over, and when one that found no place should come again. */
import type { Instant } from './event.ts';

/** The account's rate is shared with mail that is not ours: 90 % of it, at least one a second. */
export const slotsPerSecond = (accountRate: number): number => Math.max(1, Math.floor(accountRate * 0.9));

/**
 * How many slots one write takes: an account that may send hundreds a second need not write as often. What is not used
 * within the second is lost, at most a fiftieth of the rate for each process.
 */
export const slotsAtOnce = (accountRate: number): number => Math.max(1, Math.floor(accountRate / 50));

/** How many asked in this second: for nurture mail, and for mail that somebody waits for. */
export interface Asked {
  nurture: number;
  urgent: number;
}

/** Whether the last one that asked has a slot. Urgent mail may use the last tenth too, and is never crowded out by nurture. */
export function hasSlot(kind: keyof Asked, asked: Asked, accountRate: number): boolean {
  const slots = slotsPerSecond(accountRate);
  if (kind === 'nurture') return asked.nurture + asked.urgent <= slots;
  // What nurture asked for beyond its slots it did not get.
  return Math.min(asked.nurture, slots) + asked.urgent <= Math.max(slots + 1, Math.floor(accountRate));
}

// Spread over a quarter more time than the crowd needs, so that most find a place at once.
const ROOM = 1.25;

/**
 * When a mail that was the `asked`-th to ask in this second should ask again: somewhere in the time that the crowd
 * needs, from the next second on.
 * @param random 0 to below 1.
 */
export function spread(now: Instant, asked: number, slots: number, random: number): Instant {
  const seconds = 1 + random * Math.max(1, (asked / slots) * ROOM);
  return new Date(Date.parse(now) + Math.ceil(seconds * 1000)).toISOString();
}
