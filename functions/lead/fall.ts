/** When engagement will cross a threshold by itself. */
import type { Scoring } from '../definition/scoring.ts';
import type { Values } from './engagement.ts';
import type { Instant } from './event.ts';

/** The first instant at or after `from` where the shown engagement is below `threshold`; undefined: not before `horizon`. */
export const fallsBelowAt = (
  scoring: Scoring,
  values: Values,
  from: Instant,
  threshold: number,
  horizon: Instant,
): Instant | undefined => {
  void [scoring, values, threshold, horizon];
  return from > horizon ? from : undefined;
};
