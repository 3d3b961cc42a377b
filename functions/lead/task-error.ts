/**
 * The errors by which a task tells its state machine what to do. Their names are what `Catch` and `Retry` match; the
 * compiled machines of running enrolments know them, so they never change.
 */
import type { Instant } from './event.ts';
import { nextWholeSecond } from './whole-second.ts';

export const TASK_ERROR = {
  /** Come again at the instant that is the message. */
  hold: 'Hold',
  /** The enrolment is over: end well. */
  ended: 'Ended',
  /** The enrolment waits without an execution: end well, the next run goes on. */
  paused: 'Paused',
  /** Something changed since the machine looked: look again. */
  changed: 'Changed',
  /** A fault that may pass: try again soon. */
  retry: 'Retry',
} as const;

const NAMES = new Set<string>(Object.values(TASK_ERROR));

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

export const hold = (until: Instant): Error => named(TASK_ERROR.hold, nextWholeSecond(until));
export const ended = (why: string): Error => named(TASK_ERROR.ended, why);
export const paused = (why: string): Error => named(TASK_ERROR.paused, why);
export const changed = (why: string): Error => named(TASK_ERROR.changed, why);
export const retry = (why: string): Error => named(TASK_ERROR.retry, why);

export const isTaskError = (error: unknown): error is Error => error instanceof Error && NAMES.has(error.name);
