/**
 * Working time: what counts between the opening and the closing hour of working days, by the wall clock of a zone.
 * An instant is working time if its local time lies in the hours; so a night that skips an hour loses it, and an hour
 * that comes twice counts twice.
 */
import { Temporal } from 'temporal-polyfill';
import type { Hours, Weekday } from '../definition/handoff.ts';
import type { Instant } from './event.ts';

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MINUTE = 60_000;
/** A week holds at least one working day unless none is named; a year without any is a mistake in the hours. */
const MOST_DAYS_WITHOUT = 400;

interface Interval {
  from: number;
  to: number;
}

/** "08:30" as milliseconds after midnight; "24:00" is the end of the day. */
const wallClock = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE;
};

/** The stretches of a local day that have one offset from UTC: one, or two where clocks are changed. */
const stretches = (day: Temporal.PlainDate, zone: string): (Interval & { offset: number })[] => {
  const end = day.add({ days: 1 }).toZonedDateTime(zone);
  const parts: (Interval & { offset: number })[] = [];
  let start = day.toZonedDateTime(zone);
  while (start.epochMilliseconds < end.epochMilliseconds) {
    const change = start.offsetNanoseconds === end.offsetNanoseconds ? null : start.getTimeZoneTransition('next');
    const to = change && change.epochMilliseconds < end.epochMilliseconds ? change : end;
    const offset = start.offsetNanoseconds / 1e6;
    parts.push({ from: start.epochMilliseconds, to: to.epochMilliseconds, offset });
    start = to;
  }
  return parts;
};

const workingIntervals = (day: Temporal.PlainDate, hours: Hours): Interval[] => {
  const weekday = WEEKDAYS[day.dayOfWeek - 1];
  if (!weekday || !hours.days.includes(weekday)) return [];
  const midnight = Date.UTC(day.year, day.month - 1, day.day);
  const [opening, closing] = [midnight + wallClock(hours.from), midnight + wallClock(hours.to)];
  return stretches(day, hours.zone)
    .map(({ from, to, offset }) => ({ from: Math.max(from, opening - offset), to: Math.min(to, closing - offset) }))
    .filter(({ from, to }) => from < to);
};

const DAY = 86_400_000;
const EPOCH = new Temporal.PlainDate(1970, 1, 1);
/** Calendars are slow, and the same few days are asked for again and again: some years of them are kept. */
const MOST_KEPT = 2000;
const kept = new WeakMap<Hours, Map<number, Interval[]>>();

/** The working intervals of the local day of that number, counted from 1 January 1970. */
const intervalsOn = (day: number, hours: Hours): Interval[] => {
  const days = kept.get(hours) ?? new Map<number, Interval[]>();
  kept.set(hours, days);
  const known = days.get(day);
  if (known) return known;
  if (days.size >= MOST_KEPT) days.clear();
  const intervals = workingIntervals(EPOCH.add({ days: day }), hours);
  days.set(day, intervals);
  return intervals;
};

/** The working intervals that end after `at`, in order, without end. @throws Error when the hours hold none. */
function* workingFrom(at: number, hours: Hours): Generator<Interval> {
  let idle = 0;
  // The local day is the day of UTC, or one beside it.
  for (let day = Math.floor(at / DAY) - 1; idle < MOST_DAYS_WITHOUT; day++) {
    const intervals = intervalsOn(day, hours);
    idle = intervals.length > 0 ? 0 : idle + 1;
    for (const { from, to } of intervals) if (to > at) yield { from: Math.max(from, at), to };
  }
  throw new Error(
    `The hours ${hours.from} to ${hours.to} on ${hours.days.join(', ') || 'no day'} hold no working time.`,
  );
}

/**
 * The instant by which `ms` milliseconds of working time have passed since `at`: the closing hour itself rather than the
 * next opening. With `ms` 0: `at`, or the next opening.
 * @throws Error when the hours hold no working time.
 */
export const addWorkingTime = (at: Instant, ms: number, hours: Hours): Instant => {
  let left = ms;
  for (const { from, to } of workingFrom(Date.parse(at), hours)) {
    if (left <= to - from) return new Date(from + left).toISOString();
    left -= to - from;
  }
  throw new Error('Working time does not end.');
};

/** Milliseconds of working time from `from` to `to`; 0 when `to` is not later. */
export const workingTimeBetween = (from: Instant, to: Instant, hours: Hours): number => {
  const end = Date.parse(to);
  let sum = 0;
  for (const interval of workingFrom(Date.parse(from), hours)) {
    if (interval.from >= end) break;
    sum += Math.min(interval.to, end) - interval.from;
  }
  return sum;
};
