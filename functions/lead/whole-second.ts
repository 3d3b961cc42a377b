/** Instants that a state machine waits for: its `Wait` cuts fractions off a `Timestamp` (Step Functions developer guide). */
import type { Instant } from './event.ts';

/** The instant without its fraction of a second: where being early by that does no harm. */
export const wholeSecond = (at: Instant): Instant => new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString();

/** The instant, or the next whole second: where coming too early would only mean to wait again. */
export const nextWholeSecond = (at: Instant): Instant =>
  new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString();
