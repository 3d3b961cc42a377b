/**
 * When engagement will cross a threshold by itself. Positive values alone only fall, so the crossing is found by bisection.
 * A negative value that fades lifts the sum: then spans of at most an hour are looked at in order, and spans whose bounds
 * show that nothing can cross there are skipped whole.
 */
import type { Scoring } from '../definition/scoring.ts';
import { decayed, type Values, within } from './engagement.ts';
import type { Instant } from './event.ts';
import { shown } from './rounding.ts';

const HOUR = 3_600_000;

/** A rule's value, made ready to be asked for thousands of instants. `at` in epoch milliseconds. */
interface Term {
  value: number;
  at: number;
  halfLife: number | undefined;
  cap: number | undefined;
}
/** Terms under one cap. */
interface Group {
  cap: number;
  terms: Term[];
}

const groupsOf = (scoring: Scoring, values: Values): Group[] => {
  const { rules, groups } = scoring.engagement;
  const members = new Map<string | undefined, Term[]>();
  for (const [name, { value, at }] of Object.entries(values)) {
    const rule = rules[name];
    if (rule === undefined) continue;
    const term = { value, at: Date.parse(at), halfLife: rule.halfLife, cap: rule.cap };
    members.set(rule.group, [...(members.get(rule.group) ?? []), term]);
  }
  const capOf = (group: string | undefined): number => groups[group ?? '']?.cap ?? Number.POSITIVE_INFINITY;
  return [...members].map(([group, terms]) => ({ cap: capOf(group), terms }));
};

/**
 * The sum of all groups, with positive values as of `positives` and negative ones as of `negatives`: the same instant twice
 * is the sum then; the two ends of a span bound it in between, because each value moves one way, towards zero.
 */
const sumAt = (groups: readonly Group[], positives: number, negatives: number): number => {
  let sum = 0;
  for (const { cap, terms } of groups) {
    let held = 0;
    for (const term of terms) {
      const age = (term.value < 0 ? negatives : positives) - term.at;
      held += within(decayed(term.value, term.halfLife, age), term.cap);
    }
    sum += Math.min(held, cap);
  }
  return sum;
};

type Side = 'below' | 'at-or-above';

interface Course {
  /** Whether the shown engagement stands on the side asked for. */
  isThere(at: number): boolean;
  /** Whether it may stand there at some instant of the span: false is certain, true is not. */
  mayBeThere(from: number, to: number): boolean;
}

const courseOf = (scoring: Scoring, values: Values, threshold: number, side: Side): Course => {
  const groups = groupsOf(scoring, values);
  const isBelow = (sum: number): boolean => shown(Math.min(100, Math.max(0, sum))) < threshold;
  return {
    isThere: (at) => isBelow(sumAt(groups, at, at)) === (side === 'below'),
    // Lowest with positives late and negatives early, highest the other way round.
    mayBeThere: (from, to) => (side === 'below' ? isBelow(sumAt(groups, to, from)) : !isBelow(sumAt(groups, from, to))),
  };
};

/** The first millisecond in (from, to] that is there, given that `from` is not and `to` is. */
const bisect = (course: Course, from: number, to: number): number => {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (course.isThere(middle)) after = middle;
    else before = middle;
  }
  return after;
};

/** The first crossing in (from, to], where `from` is not there. */
const firstIn = (course: Course, from: number, to: number): number | undefined => {
  if (!course.mayBeThere(from, to)) return undefined;
  if (to - from <= HOUR) return course.isThere(to) ? bisect(course, from, to) : undefined;
  const middle = Math.floor((from + to) / 2);
  return firstIn(course, from, middle) ?? (course.isThere(middle) ? middle : firstIn(course, middle, to));
};

const crossing = (course: Course, values: Values, from: number, to: number): number | undefined => {
  if (to < from) return undefined;
  if (course.isThere(from)) return from;
  const onlyFalls = Object.values(values).every(({ value }) => value >= 0);
  if (onlyFalls) return course.isThere(to) ? bisect(course, from, to) : undefined;
  return firstIn(course, from, to);
};

const search = (scoring: Scoring, values: Values, from: Instant, threshold: number, to: Instant, side: Side) => {
  const course = courseOf(scoring, values, threshold, side);
  const found = crossing(course, values, Date.parse(from), Date.parse(to));
  return found === undefined ? undefined : new Date(found).toISOString();
};

/**
 * The first instant at or after `from` where the shown engagement is below `threshold`; undefined: not until `horizon`.
 * `from` must not be before the last gain. A dip of less than an hour may be passed over where negatives are alive.
 */
export const fallsBelowAt = (
  scoring: Scoring,
  values: Values,
  from: Instant,
  threshold: number,
  horizon: Instant,
): Instant | undefined => search(scoring, values, from, threshold, horizon, 'below');

/** The first instant at or after `from` where it is at `threshold` or above: only fading negatives can lift it. */
export const risesToAt = (
  scoring: Scoring,
  values: Values,
  from: Instant,
  threshold: number,
  horizon: Instant,
): Instant | undefined => search(scoring, values, from, threshold, horizon, 'at-or-above');

/**
 * The first instant at or after `from` at which the shown engagement has been below `threshold` for `stay` milliseconds
 * without a break, if nothing more happens, and since when; undefined: not until `horizon`.
 */
export const staysBelowUntil = (
  scoring: Scoring,
  values: Values,
  { from, threshold, stay, horizon }: { from: Instant; threshold: number; stay: number; horizon: Instant },
): { since: Instant; at: Instant } | undefined => {
  let start: Instant | undefined = from;
  while (start !== undefined) {
    const since = fallsBelowAt(scoring, values, start, threshold, horizon);
    if (since === undefined) return undefined;
    const at = new Date(Date.parse(since) + stay).toISOString();
    start = risesToAt(scoring, values, since, threshold, at);
    if (start === undefined) return at > horizon ? undefined : { since, at };
  }
  return undefined;
};
