/** The course of an open handoff by the clock: reminder half-way, escalation at the deadline, then waiting. */
import type { Instant } from './event.ts';
import type { Handoff } from './lead.ts';

export type Course =
  /** Until then nothing is due. */
  { outcome: 'await'; at: Instant } | { outcome: 'remind' | 'escalate' | 'done'; at: Instant };

/** An execution lives a year at most (Step Functions quotas): one that nobody answers is given up before. */
const GIVEN_UP_MS = 300 * 86_400_000;

/** What is due for a handoff now. Answered, or open for 300 days: done. A hand-raise that nobody was told of: remind. */
export function courseOf(handoff: Handoff, now: Instant): Course {
  const end = new Date(Date.parse(handoff.openedAt) + GIVEN_UP_MS).toISOString();
  if (handoff.status !== 'pending' || end <= now) return { outcome: 'done', at: now };
  if (handoff.handRaise && handoff.told === 'score') return { outcome: 'remind', at: now };
  if (handoff.escalated || !handoff.dueAt) return { outcome: 'await', at: end };
  if (handoff.dueAt <= now) return { outcome: 'escalate', at: now };
  if (handoff.reminded || !handoff.remindAt) return { outcome: 'await', at: handoff.dueAt };
  if (handoff.remindAt <= now) return { outcome: 'remind', at: now };
  return { outcome: 'await', at: handoff.remindAt < handoff.dueAt ? handoff.remindAt : handoff.dueAt };
}

/** Whole seconds from `now` to `at`, at least one: what a state machine waits. */
export const secondsUntil = (at: Instant, now: Instant): number =>
  Math.max(1, Math.ceil((Date.parse(at) - Date.parse(now)) / 1000));
