/** Instants that a state machine waits for. */
import type { Instant } from './event.ts';

/**
 * The instant, or the next whole second: a `Wait` cuts fractions off its `Timestamp` (Step Functions developer guide,
 * "Wait"), and what goes on too early would only be told to wait again.
 */
export const wholeSecond = (at: Instant): Instant => new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString();
